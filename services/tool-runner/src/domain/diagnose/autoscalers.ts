import { keyOf, objectOf, type Snapshot } from './snapshot.ts';
import { describeCall, quote, type Trouble } from './trouble.ts';

/** Autoscalers that cannot scale: no metrics, no target; and those that would like more than they may have. */
export function blockedAutoscalers({ autoscalers }: Snapshot): Trouble[] {
  return autoscalers.flatMap((autoscaler): Trouble[] => {
    const object = objectOf('HorizontalPodAutoscaler', autoscaler);
    const { namespace } = autoscaler.metadata;
    const { scaleTargetRef: ref, maxReplicas } = autoscaler.spec;
    const target = objectOf(ref.kind, { metadata: { name: ref.name, namespace } });
    const { conditions } = autoscaler.status;
    const failing = conditions.find(
      ({ type, status, reason }) =>
        (type === 'AbleToScale' || type === 'ScalingActive') && status === 'False' && reason !== 'ScalingDisabled',
    );
    const next = describeCall(object);
    if (failing) {
      const why =
        failing.reason === 'FailedGetScale'
          ? `It cannot scale: its target ${ref.kind} ${ref.name} cannot be read or does not exist.`
          : `It cannot scale ${ref.kind} ${ref.name}: ${failing.reason}.`;
      const said = quote(failing.message);
      return [{ severity: 'warning', kind: 'AutoscalerBlocked', object, why, said, next, because: [keyOf(target)] }];
    }
    const limited = conditions.find(({ type, status }) => type === 'ScalingLimited' && status === 'True');
    if (limited?.reason !== 'TooManyReplicas') return [];
    const why = `It has scaled ${ref.kind} ${ref.name} to its maximum of ${maxReplicas} and wants more.`;
    return [{ severity: 'info', kind: 'AutoscalerAtLimit', object, why, said: quote(limited.message), next }];
  });
}
