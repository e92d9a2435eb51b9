/** The servers that one machine needs, and how they are started, waited for and stopped. */
export { binaries, isBinaryReady, resolveBinary } from './binaries.ts';
export type { BinaryName, BuildProgress, ResolveOptions } from './binaries.ts';
export { lastLogLines, startChild } from './child.ts';
export type { Child, ChildExit, ChildOptions } from './child.ts';
export { freePort, freePorts, isPortFree } from './ports.ts';
export { removePostgres, startPostgres, stopLeftPostgres } from './postgres.ts';
export type { Postgres, PostgresOptions } from './postgres.ts';
export { identityOf } from './process-identity.ts';
export { waitFor } from './wait-for.ts';
export type { WaitOptions } from './wait-for.ts';
