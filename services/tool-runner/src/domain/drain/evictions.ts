import type { WriteRequest } from '@skyflo/kube';
import type { Tx } from '@skyflo/store';

/** What of a drain is planned with its grant: the pods that are to leave, and how long they are given. */
export type PlannedEvictions = { readonly requests: readonly WriteRequest[]; readonly withinMs: number };

/**
 *     due ──▶ accepted ──▶ gone
 *      │ └──────────────────▲
 *      └──▶ refused
 *
 * `accepted`: the API server took the eviction, and the pod is ending. `refused`: for a reason that does not pass by itself.
 * A budget's no leaves it `due`.
 */
export type EvictionState = 'due' | 'accepted' | 'gone' | 'refused';

export type EvictionEntry = {
  readonly n: number;
  readonly request: WriteRequest;
  readonly state: EvictionState;
  /** A try of it was never answered: it may still arrive. */
  readonly unanswered: boolean;
  /** What the API server said last. */
  readonly told: string | undefined;
};

export type Begun = {
  readonly entries: readonly EvictionEntry[];
  readonly passedMs: number;
  readonly leftMs: number;
};

/** Rows of the ledger for the pods of a drain. Sending one twice does no harm, so nothing but tries is written ahead. */
export abstract class Evictions {
  abstract add(tx: Tx, grantId: string, planned: PlannedEvictions): Promise<void>;
  /** Whether they were begun before: then the node is known to be cordoned. */
  abstract hasBegun(grantId: string): Promise<boolean>;
  /** Undefined where none are planned under this grant. Both times count from the first time this was asked. */
  abstract begin(grantId: string): Promise<Begun | undefined>;
  /** Counts one more try, before it is sent. */
  abstract sending(grantId: string, n: number): Promise<void>;
  abstract answered(
    grantId: string,
    n: number,
    answer: { readonly state: EvictionState; readonly told?: string | undefined },
  ): Promise<void>;
  /** What the cluster shows, without an answer. */
  abstract saw(grantId: string, n: number, state: EvictionState): Promise<void>;
}
