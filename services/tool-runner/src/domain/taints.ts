import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';

export const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;
export type TaintEffect = (typeof effects)[number];

const Taint = z.object({ key: z.string(), value: z.string().optional(), effect: z.string() }).catchall(z.json());
export type Taint = z.infer<typeof Taint>;
const Node = z.looseObject({ spec: z.looseObject({ taints: z.array(Taint).nullish() }) });
const Toleration = z.looseObject({
  key: z.string().optional(),
  operator: z.string().optional(),
  value: z.string().optional(),
  effect: z.string().optional(),
  tolerationSeconds: z.number().optional(),
});
const Pod = z.looseObject({ spec: z.looseObject({ tolerations: z.array(Toleration).nullish() }) });

export function taintsOf(node: KubeObject): Taint[] {
  return [...(Node.parse(node).spec.taints ?? [])];
}

/** A taint is what has its key and effect: another value replaces it, in its place. */
export function withTaint(before: readonly Taint[], taint: Taint): Taint[] {
  const isSame = ({ key, effect }: Taint) => key === taint.key && effect === taint.effect;
  if (before.some((one) => isSame(one) && (one.value ?? '') === (taint.value ?? ''))) return [...before];
  return before.some(isSame) ? before.map((one) => (isSame(one) ? taint : one)) : [...before, taint];
}

/** Without an effect, all taints of the key go. */
export function withoutTaint(before: readonly Taint[], key: string, effect: TaintEffect | undefined): Taint[] {
  return before.filter((one) => one.key !== key || (effect !== undefined && one.effect !== effect));
}

/** `key=value:NoSchedule`, as kubectl writes it. */
export function taintText({ key, value, effect }: Taint): string {
  return `${key}${value === undefined || value === '' ? '' : `=${value}`}:${effect}`;
}

/** Whether a pod may stay for good where a taint says NoExecute; one that tolerates it for some time may not. */
export function staysUnder(taint: Taint, pod: KubeObject): boolean {
  const { tolerations } = Pod.parse(pod).spec;
  return (tolerations ?? []).some(
    ({ key, operator = 'Equal', value = '', effect, tolerationSeconds }) =>
      tolerationSeconds === undefined &&
      (effect === undefined || effect === '' || effect === taint.effect) &&
      (operator === 'Exists'
        ? key === undefined || key === '' || key === taint.key
        : operator === 'Equal' && key === taint.key && value === (taint.value ?? '')),
  );
}

const taintValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

export function assertTaintValue(value: string): void {
  if (!taintValue.test(value))
    throw Failure.terminal(
      'InvalidArguments',
      `value: "${value.slice(0, 70)}" is none; at most 63 letters, digits, "-", "_" and ".".`,
    );
}
