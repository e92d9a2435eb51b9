import type {
  CheckRequest,
  ClusterState,
  GatePassed,
  GateRefused,
  Plan,
  ToolPlanRequested,
  ToolRequested,
} from '@skyflo/contracts';
import type {
  ConnectClient,
  KubeObject,
  PlanClient,
  ReadClient,
  ResourceType,
  WriteAnswer,
  WriteClient,
  WriteRequest,
} from '@skyflo/kube';
import type { ApplyPart } from './draft.ts';
import type { Tx } from '@skyflo/store';
import type { PlannedEvictions } from './drain/evictions.ts';
import type { Charts } from './helm/charts.ts';
import type { Releases } from './helm/release.ts';
import type { HelmWriter } from './helm/writer.ts';
import type { WriteAhead } from './outcome.ts';

/** What is to be done about a call now; nothing while an event is missing, a person decides, or it is closed. */
export type Due = 'plan' | 'read' | 'execute';

/**
 * A call as far as its events have come. They may come in any order, so each is kept until the others are there.
 */
export type Call = {
  readonly callId: string;
  readonly conversationId: string;
  readonly runId: string;
  readonly requested?: ToolRequested | undefined;
  readonly planRequested?: ToolPlanRequested | undefined;
  readonly passed?: GatePassed | undefined;
  /** When it was first begun; a read that is taken up again after a crash is not asked for its leave again. */
  readonly startedAt?: Date | undefined;
  readonly due?: Due | undefined;
};

/** The calls this service has heard of. Every call is closed once; whoever comes second is told so. */
export abstract class Calls {
  /** Keeps the event; resolves with the call as far as it is known now. */
  abstract note(tx: Tx, event: ToolRequested | ToolPlanRequested | GatePassed): Promise<Call>;
  /** The call is closed, whatever else of it comes or came. */
  abstract noteRefusal(tx: Tx, event: GateRefused): Promise<void>;
  abstract find(callId: string): Promise<Call | undefined>;
  /** Ids of calls with something due, oldest first. */
  abstract due(limit: number): Promise<readonly string[]>;
  /** Remembers when it was first begun. */
  abstract start(tx: Tx, callId: string): void;
  /** False where the call was closed meanwhile, or this revision planned before. */
  abstract planned(tx: Tx, callId: string, revision: number): Promise<boolean>;
  /** False where it was closed before. */
  abstract close(tx: Tx, callId: string): Promise<boolean>;
  abstract stopRun(tx: Tx, runId: string): Promise<void>;
  abstract isRunStopped(runId: string): Promise<boolean>;
  /** Open calls of a run that the gate let through. */
  abstract passedOf(tx: Tx, runId: string): Promise<readonly Call[]>;
}

/**
 *     planned ──▶ claimed ──▶ executing ──▶ done | not-done | uncertain
 *        │            └─────────────────────────▶ not-done (drift)
 *        └──▶ cancelled
 *
 * Only `executing` may have touched the cluster: what was written ahead is committed with that step.
 */
export type LedgerState = 'planned' | 'claimed' | 'executing' | 'done' | 'not-done' | 'uncertain' | 'cancelled';

/** One request of a grant. */
export type LedgerEntry = {
  /** Of the first request the grant id itself; see `markOfStep`. */
  readonly mark: string;
  readonly grantId: string;
  readonly step: number;
  readonly callId: string;
  readonly state: LedgerState;
  /** Of the first request all of the plan, of the others what concerns them. */
  readonly plan: Plan;
  readonly planDigest: string;
  /** Exactly what was approved; its bytes never leave this service. */
  readonly request: WriteRequest;
  /** Keyed digest of the object the plan was made for, without what does not count as drift. */
  readonly contextDigest: string;
  readonly checks: readonly CheckRequest[];
  readonly writeAhead?: WriteAhead | undefined;
  readonly sends: number;
  readonly lastSentAt?: Date | undefined;
  /** What was found out about it, in words. */
  readonly outcome?: string | undefined;
};

/** What was planned under a grant, with its requests in order. */
export type PlannedGrant = Pick<LedgerEntry, 'callId' | 'plan' | 'planDigest'> & {
  readonly requests: readonly Pick<LedgerEntry, 'request' | 'contextDigest' | 'checks'>[];
  /** What follows the requests, under the same grant. */
  readonly evictions?: PlannedEvictions | undefined;
};

/** Grants: what was planned, claimed, sent and found. One row per request, moved only forward. */
export abstract class Ledger {
  abstract add(tx: Tx, planned: PlannedGrant): Promise<void>;
  /** The first request of a grant, with all of its plan. */
  abstract find(grantId: string): Promise<LedgerEntry | undefined>;
  /** All requests of a grant, in order, each with its part of the plan. */
  abstract steps(grantId: string): Promise<readonly LedgerEntry[]>;
  /** `busy`: another grant of one of its objects is claimed or undecided. `spent`: this one was used or cancelled. */
  abstract claim(tx: Tx, grantId: string): Promise<'claimed' | 'busy' | 'spent'>;
  abstract writeAhead(tx: Tx, mark: string, ahead: WriteAhead): Promise<void>;
  /** Counts one more try, before it is sent. */
  abstract sending(mark: string): Promise<void>;
  abstract decide(tx: Tx, mark: string, state: 'done' | 'not-done' | 'uncertain', outcome: string): Promise<void>;
  /** What of a grant was not begun never will be. */
  abstract abandon(tx: Tx, grantId: string, why: string): Promise<void>;
  /** True where it was planned and nothing more: then it can never be claimed. */
  abstract cancel(tx: Tx, grantId: string): Promise<boolean>;
}

/** The part of a read client that tools look through. */
export type ClusterView = Pick<
  ReadClient,
  'discovery' | 'schemas' | 'version' | 'get' | 'list' | 'metadata' | 'table' | 'log' | 'watch'
>;

/** Whether the identity that reads, or the one that makes approved changes, may do something; asked in its own name. */
export type Access = { readonly reading: ReadClient['mayI']; readonly changing: ReadClient['mayI'] };

export type AnyPatch = { readonly patchType: 'json' | 'merge' | 'strategic'; readonly patch: unknown };

/**
 * What the cluster would make of an object by a patch, defaults and admission included. A dry run: nothing is stored.
 * Throws the Failure that says why the cluster would not take it.
 */
export type TryOut = (type: ResourceType, live: KubeObject, wanted: AnyPatch) => Promise<KubeObject>;

/** What the cluster would answer to an apply, the conflicts that it would refuse it for among it. A dry run as well. */
export type TryApply = (part: ApplyPart) => Promise<WriteAnswer>;

export type ClusterClients = {
  readonly name: string;
  readonly read: ReadClient;
  readonly plan: PlanClient;
  readonly write: WriteClient;
  readonly connect: ConnectClient;
  readonly access: Access;
  /** The Helm releases in what a view sees. */
  releases(view: ClusterView): Releases;
  readonly charts: Charts;
  readonly helm: HelmWriter;
  /** What of a plan the API server itself enforces; see the `guardLevel` of a plan. */
  guardLevel(): Promise<Plan['guardLevel']>;
};

/** The clusters of the configuration. `open` throws `ClusterMissing`, `ClusterPreparing` or what is wrong with its kubeconfig. */
export abstract class Clusters {
  abstract open(name: string): Promise<ClusterClients>;
  abstract states(): Promise<ClusterState[]>;
}

/** HMAC with the key of the tool-runner, as hex: a bare hash of a small secret can be guessed. */
export abstract class KeyedDigest {
  abstract of(text: string): string;
}
