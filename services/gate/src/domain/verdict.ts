import type { ClusterState, Person, ToolDescription } from '@skyflo/contracts';

/** What a policy says of a call before anything is planned. */
export type Verdict =
  | { readonly kind: 'pass'; readonly policy: string }
  | { readonly kind: 'require'; readonly policy: string; readonly approvals: number; readonly message: string }
  | { readonly kind: 'refuse'; readonly policy: string; readonly message: string };

/** All a policy may look at; gathered by the handler, so that policies stay pure. */
export type CallFacts = {
  readonly tool: string;
  readonly requestedBy: Person;
  /** The cluster that was asked for, or the default one. */
  readonly cluster: string | undefined;
  readonly description: ToolDescription | undefined;
  readonly clusters: readonly ClusterState[];
};

/** A pure rule named after what it objects to (or lets through); undefined where it has nothing to say. */
export type Policy = (call: CallFacts) => Verdict | undefined;
