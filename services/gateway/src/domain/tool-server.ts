import type { CallerClaims } from '@skyflo/contracts';

export type McpRequest = {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly caller: CallerClaims;
};
export type McpAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** In the pieces in which it comes; progress must not wait for the result. */
  readonly body: AsyncIterable<Uint8Array>;
};

/** Where the tools are. It believes nobody but us, so every request says on whose behalf it is made. */
export abstract class ToolServer {
  /** Throws a retryable `ToolRunnerUnavailable` where it cannot be reached. The signal ends the request, also while it is answered. */
  abstract forward(request: McpRequest, signal: AbortSignal): Promise<McpAnswer>;
}
