import type { LabelSelector } from './selector-text.ts';

type Labels = { readonly [key: string]: string };

/** Whether labels fit a selector, as `metav1.LabelSelectorAsSelector` has it: one that is empty fits everything. */
export function labelsMatch({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean {
  const own = new Map(Object.entries(labels));
  const isEqual = Object.entries(matchLabels ?? {}).every(([key, value]) => own.get(key) === value);
  return (
    isEqual &&
    (matchExpressions ?? []).every(({ key, operator, values }) => {
      const value = own.get(key);
      const isListed = value !== undefined && (values ?? []).includes(value);
      switch (operator) {
        case 'In':
          return isListed;
        case 'NotIn':
          return !isListed;
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
      }
    })
  );
}
