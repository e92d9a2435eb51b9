/** A kind the API server serves, as its discovery describes it. Only `Discovery` makes these, and only these become URLs. */
export type ResourceType = {
  readonly group: string;
  readonly version: string;
  /** The plural in the API path. */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly string[];
};

/** `deployments.apps`, `pods`: the name under which kubectl and this system find the kind without doubt. */
export function resourceTypeRef(type: Pick<ResourceType, 'group' | 'resource'>): string {
  return type.group === '' ? type.resource : `${type.resource}.${type.group}`;
}
