import { argoGet } from './argo-get.ts';
import { argoHistory } from './argo-history.ts';
import { argoStatus } from './argo-status.ts';
import { diagnose } from './diagnose.ts';
import { helmGet } from './helm-get.ts';
import { helmInstall } from './helm-install.ts';
import { helmList } from './helm-list.ts';
import { k8sAnnotate } from './k8s-annotate.ts';
import { helmRepoList } from './helm-repo-list.ts';
import { helmRollback } from './helm-rollback.ts';
import { helmSearch } from './helm-search.ts';
import { helmShow } from './helm-show.ts';
import { helmTemplate } from './helm-template.ts';
import { helmUninstall } from './helm-uninstall.ts';
import { helmUpgrade } from './helm-upgrade.ts';
import { k8sApiResources } from './k8s-api-resources.ts';
import { k8sAutoscale } from './k8s-autoscale.ts';
import { k8sApply } from './k8s-apply.ts';
import { k8sCanI } from './k8s-can-i.ts';
import { k8sClusterInfo } from './k8s-cluster-info.ts';
import { k8sCordon } from './k8s-cordon.ts';
import { k8sCopyFrom } from './k8s-copy-from.ts';
import { k8sDelete } from './k8s-delete.ts';
import { k8sDescribe } from './k8s-describe.ts';
import { k8sDiff } from './k8s-diff.ts';
import { k8sDrain } from './k8s-drain.ts';
import { k8sDrainPlan } from './k8s-drain-plan.ts';
import { k8sEvents } from './k8s-events.ts';
import { k8sExec } from './k8s-exec.ts';
import { k8sExplain } from './k8s-explain.ts';
import { k8sGet } from './k8s-get.ts';
import { k8sJobFromCronJob } from './k8s-job-from-cronjob.ts';
import { k8sLabel } from './k8s-label.ts';
import { k8sLogs } from './k8s-logs.ts';
import { k8sNodeStats } from './k8s-node-stats.ts';
import { k8sPatch } from './k8s-patch.ts';
import { k8sRolloutHistory } from './k8s-rollout-history.ts';
import { k8sRolloutPause } from './k8s-rollout-pause.ts';
import { k8sRolloutRestart } from './k8s-rollout-restart.ts';
import { k8sRolloutResume } from './k8s-rollout-resume.ts';
import { k8sRolloutStatus } from './k8s-rollout-status.ts';
import { k8sRolloutUndo } from './k8s-rollout-undo.ts';
import { k8sRunPod } from './k8s-run-pod.ts';
import { k8sScale } from './k8s-scale.ts';
import { k8sSetEnv } from './k8s-set-env.ts';
import { k8sSetImage } from './k8s-set-image.ts';
import { k8sSetResources } from './k8s-set-resources.ts';
import { k8sTaint } from './k8s-taint.ts';
import { k8sTop } from './k8s-top.ts';
import { k8sUncordon } from './k8s-uncordon.ts';
import { k8sWait } from './k8s-wait.ts';
import { describeTool, type Tool } from './tool.ts';
import { toolsetLoad } from './toolset-load.ts';

/** A new tool is one file here and one line below. */
const working: readonly Tool[] = [
  diagnose,
  k8sGet,
  k8sDescribe,
  k8sLogs,
  k8sEvents,
  k8sRolloutStatus,
  k8sWait,
  k8sClusterInfo,
  k8sApiResources,
  k8sExplain,
  k8sCanI,
  k8sRolloutHistory,
  k8sTop,
  k8sNodeStats,
  k8sDrainPlan,
  helmList,
  helmGet,
  k8sDiff,
  k8sApply,
  helmSearch,
  helmShow,
  helmTemplate,
  helmRepoList,
  k8sScale,
  k8sRolloutRestart,
  k8sRolloutUndo,
  k8sSetImage,
  k8sSetResources,
  k8sSetEnv,
  k8sAutoscale,
  k8sPatch,
  k8sRolloutPause,
  k8sRolloutResume,
  k8sLabel,
  k8sAnnotate,
  k8sCordon,
  k8sUncordon,
  k8sTaint,
  k8sDrain,
  k8sJobFromCronJob,
  k8sRunPod,
  k8sExec,
  k8sCopyFrom,
  k8sDelete,
  argoGet,
  argoStatus,
  argoHistory,
  helmInstall,
  helmUpgrade,
  helmRollback,
  helmUninstall,
];

/** Every tool there is. */
export const tools: readonly Tool[] = [...working, toolsetLoad(working)];

export const toolDescriptions = tools.map(describeTool);

export function toolNamed(name: string): Tool | undefined {
  return tools.find((tool) => tool.name === name);
}
