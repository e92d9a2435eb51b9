/** One container of a pod, as far as a program that is run in it can see. */
export type Container = {
  readonly hostname: string;
  readonly env: Readonly<Record<string, string>>;
  /** Text by absolute path. */
  readonly files: Readonly<Record<string, string>>;
};

export type Played = { readonly stdout: string; readonly stderr: string; readonly exitCode: number };
export type NotFound = { readonly notFound: string };

/** A program that knows only the container it is in: nothing of this machine is read or run. */
export type Program = (args: readonly string[], container: Container, signal: AbortSignal) => Promise<Played> | Played;
