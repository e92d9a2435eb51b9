import type { Json } from '@skyflo/contracts';

export type OwnerReference = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
};

export type ObjectMeta = {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** Counts changes of spec; absent on kinds that have none, such as ConfigMap or Service. */
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  /** What has to be done before a deleted object goes; whoever put one there takes it away. */
  readonly finalizers?: readonly string[];
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  readonly ownerReferences?: readonly OwnerReference[];
};

/** An object as the API server sent it: every field kept, nothing converted. Read fields beyond `metadata` through a schema. */
export type KubeObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: Json | ObjectMeta | undefined;
};

export type KubeList = {
  readonly items: readonly KubeObject[];
  /** Pass it to the next call to go on; absent at the end. */
  readonly continue?: string;
  /** How many more there are; the API server leaves it out where a selector was used. */
  readonly remaining?: number;
  readonly resourceVersion?: string;
};

/** A list as the API server prints it: the columns `kubectl get` shows. Priority 0 columns are the default ones. */
export type KubeTable = {
  readonly columns: readonly { readonly name: string; readonly type: string; readonly priority: number }[];
  readonly rows: readonly KubeRow[];
  readonly continue?: string;
  readonly remaining?: number;
};

export type KubeRow = {
  readonly cells: readonly Json[];
  /** Present where several namespaces are listed: cells do not tell them apart. */
  readonly metadata?: ObjectMeta;
};
