import type { Call, Json } from '@skyflo/contracts';

/** How a call is named on its card: what is looked at, and the object in mono beside it. */
export type ToolWords = { readonly title: string; readonly object: string };

type Args = Call['args'];

const verbs: Readonly<Record<string, { readonly title: string; readonly doing: string; readonly done: string }>> = {
  k8s_scale: { title: 'Scale', doing: 'Scaling', done: 'Scaled' },
  k8s_rollout_restart: { title: 'Restart', doing: 'Restarting', done: 'Restarted' },
  k8s_set_image: { title: 'Set image', doing: 'Setting the image of', done: 'Set the image of' },
  k8s_set_resources: { title: 'Set resources', doing: 'Setting resources of', done: 'Set resources of' },
  k8s_set_env: { title: 'Set environment', doing: 'Setting the environment of', done: 'Set the environment of' },
  k8s_rollout_undo: { title: 'Undo rollout', doing: 'Rolling back', done: 'Rolled back' },
  k8s_rollout_pause: { title: 'Pause rollout', doing: 'Pausing', done: 'Paused' },
  k8s_rollout_resume: { title: 'Resume rollout', doing: 'Resuming', done: 'Resumed' },
  k8s_autoscale: { title: 'Change autoscaler', doing: 'Changing autoscaler', done: 'Changed autoscaler' },
  k8s_patch: { title: 'Patch', doing: 'Patching', done: 'Patched' },
  k8s_label: { title: 'Change labels', doing: 'Labelling', done: 'Labelled' },
  k8s_annotate: { title: 'Change annotations', doing: 'Annotating', done: 'Annotated' },
  k8s_cordon: { title: 'Cordon node', doing: 'Cordoning', done: 'Cordoned' },
  k8s_uncordon: { title: 'Uncordon node', doing: 'Uncordoning', done: 'Uncordoned' },
  k8s_taint: { title: 'Taint node', doing: 'Tainting', done: 'Tainted' },
  k8s_exec: { title: 'Run in container', doing: 'Running a program in', done: 'Ran a program in' },
  k8s_copy_from: { title: 'Read file', doing: 'Reading a file of', done: 'Read a file of' },
  k8s_run_pod: { title: 'Run pod', doing: 'Running', done: 'Ran' },
  k8s_job_from_cronjob: { title: 'Run CronJob', doing: 'Running', done: 'Ran' },
  k8s_drain: { title: 'Drain', doing: 'Draining', done: 'Drained' },
  k8s_apply: { title: 'Apply', doing: 'Applying', done: 'Applied' },
  k8s_delete: { title: 'Delete', doing: 'Deleting', done: 'Deleted' },
  argo_promote: { title: 'Promote', doing: 'Promoting', done: 'Promoted' },
  argo_abort: { title: 'Abort rollout', doing: 'Aborting', done: 'Aborted' },
  argo_retry: { title: 'Retry rollout', doing: 'Retrying', done: 'Retried' },
  argo_pause: { title: 'Pause rollout', doing: 'Pausing', done: 'Paused' },
  argo_resume: { title: 'Resume rollout', doing: 'Resuming', done: 'Resumed' },
  argo_restart: { title: 'Restart rollout', doing: 'Restarting', done: 'Restarted' },
  argo_set_image: { title: 'Set image', doing: 'Setting the image of', done: 'Set the image of' },
  argo_undo: { title: 'Undo rollout', doing: 'Taking back', done: 'Took back' },
  argo_terminate: { title: 'End analysis', doing: 'Ending', done: 'Ended' },
  helm_install: { title: 'Install chart', doing: 'Installing', done: 'Installed' },
  helm_upgrade: { title: 'Upgrade release', doing: 'Upgrading', done: 'Upgraded' },
  helm_rollback: { title: 'Roll back release', doing: 'Rolling back', done: 'Rolled back' },
  helm_uninstall: { title: 'Uninstall release', doing: 'Uninstalling', done: 'Uninstalled' },
};

/** Title and object of a call's card, from the tool's name and its arguments. */
export function toolWords(call: Pick<Call, 'tool' | 'args'>): ToolWords {
  return { title: titleOf(call), object: objectOf(call.args) };
}

/** `Changed checkout`, `Scaling checkout`: what a write does or did to its object. */
export function deed(call: Pick<Call, 'tool' | 'args' | 'text'>, tense: 'doing' | 'done'): string {
  const verb = verbs[call.tool]?.[tense] ?? (tense === 'doing' ? 'Changing' : 'Changed');
  const name = text(call.args, 'name');
  const words = name ? `${verb} ${name}` : verb;
  return tense === 'done' && call.text?.startsWith('Done in part') ? `${words} in part` : words;
}

function titleOf({ tool, args }: Pick<Call, 'tool' | 'args'>): string {
  switch (tool) {
    case 'k8s_get':
      return text(args, 'name')
        ? sentence(text(args, 'kind', 'resource') || 'Object')
        : plural(text(args, 'kind', 'resource') || 'Objects');
    case 'k8s_describe':
      return `Describe ${(text(args, 'kind', 'resource') || 'object').toLowerCase()}`;
    case 'k8s_logs':
      return 'Logs';
    case 'k8s_events':
      return 'Events';
    case 'argo_get':
      return text(args, 'name') ? sentence(text(args, 'kind') || 'rollout') : plural(text(args, 'kind') || 'rollout');
    case 'argo_status':
    case 'k8s_rollout_status':
      return 'Rollout status';
    case 'k8s_diff':
      return 'What a manifest would change';
    case 'k8s_wait':
      return `Wait until ${text(args, 'until') || 'settled'}`;
    default:
      return verbs[tool]?.title ?? sentence(tool.replace(/^[a-z0-9]+_/, '').replaceAll('_', ' '));
  }
}

function objectOf(args: Args): string {
  const namespace = text(args, 'namespace');
  const name = text(args, 'name', 'pod', 'workload');
  const container = text(args, 'container');
  const place = [namespace, name].filter(Boolean).join('/');
  return container ? `${place} ${container}` : place || (args['allNamespaces'] === true ? 'all namespaces' : '');
}

function text(args: Args, ...keys: readonly string[]): string {
  const found: Json | undefined = keys
    .map((key) => args[key])
    .find((value) => typeof value === 'string' && value !== '');
  return typeof found === 'string' ? found : '';
}

function plural(kind: string): string {
  const word = sentence(kind);
  return /s$/i.test(word) ? word : `${word}s`;
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
