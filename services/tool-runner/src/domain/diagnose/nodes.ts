import { objectOf, type Snapshot } from './snapshot.ts';
import { describeCall, quote, type Trouble } from './trouble.ts';

/** Nodes that are not ready or under pressure: those that pods of the snapshot are on. */
export function troubledNodes(snapshot: Snapshot): Trouble[] {
  const pods = Map.groupBy(snapshot.pods, ({ spec }) => spec.nodeName);
  return snapshot.nodes.flatMap((node): Trouble[] => {
    const on = pods.get(node.metadata.name)?.length ?? 0;
    if (on === 0) return [];
    const object = objectOf('Node', node);
    const next = describeCall(object);
    const ready = node.status.conditions.find(({ type }) => type === 'Ready');
    if (ready && ready.status !== 'True') {
      const why = `It is not ready (${ready.reason || ready.status}), and ${on} of these pods are on it.`;
      return [{ severity: 'critical', kind: 'NodeNotReady', object, why, said: quote(ready.message), next }];
    }
    const pressures = node.status.conditions.filter(
      ({ type, status }) => type.endsWith('Pressure') && status === 'True',
    );
    const [first] = pressures;
    if (!first) return [];
    const why = `It is under pressure (${pressures.map(({ type }) => type).join(', ')}), and ${on} of these pods are on it.`;
    return [{ severity: 'warning', kind: 'NodePressure', object, why, said: quote(first.message), next }];
  });
}
