import { Injectable } from '@nestjs/common';

import {
  callIdOf,
  derivedId,
  Failure,
  type JsonObject,
  loadToolset,
  MessageId,
  RunId,
  RunRequested,
  RunStarted,
  ToolRequested,
  wellFormedJson,
} from '@skyflo/contracts';
import { Store } from '@skyflo/store';
import type { Caller } from '../domain/callers.ts';
import { type Ending, OwnRuns } from '../domain/own-runs.ts';
import { isInScope } from '../tools/listed.ts';
import { parseArgs, type Tool } from '../tools/tool.ts';
import { Attendance } from './attendance.ts';

/** Tool calls of MCP clients. They go the way of everybody's, over the bus and through the gate; only the asking is ours. */
@Injectable()
export class OwnCalls {
  constructor(
    private readonly store: Store,
    private readonly runs: OwnRuns,
    private readonly attendance: Attendance,
  ) {}

  /**
   * Has a tool used and waits for how that ends; undefined where the signal ended the wait, which leaves the run. Throws a
   * terminal Failure for arguments that do not fit and for a token that was used before.
   */
  async use(
    tool: Tool,
    given: JsonObject,
    { caller, requestId, signal }: { caller: Caller; requestId: string; signal: AbortSignal },
  ): Promise<Ending | undefined> {
    if (!isInScope(tool, caller.claims.scope))
      throw Failure.terminal('ScopeMissing', `${tool.name} changes something, and this token is for reading only.`, {
        hint: 'Ask its owner for a token with the scope write.',
      });
    const args = wellFormedJson(given);
    parseArgs(tool, args);
    const runId = RunId.parse(derivedId(caller.id, RunRequested.type));
    await this.begin(runId, { tool: tool.name, args, caller, requestId });
    // Its events have to come back over the bus, so nothing is missed between the commit and here; else a sweep brings it.
    return this.attendance.wait(runId, signal);
  }

  /** The toolsets that a client has in its list because its calls have loaded them. */
  loadedBy(clientId: string): Promise<readonly string[]> {
    return this.runs.loadedBy(clientId);
  }

  /** The client says that it no longer wants an answer. Where several of its requests have that number, none is meant for sure. */
  async cancel(clientId: string, requestId: string): Promise<void> {
    const [runId, ...others] = await this.runs.findByRequest({ clientId, requestId });
    if (runId !== undefined && others.length === 0) await this.attendance.leave(runId);
  }

  private async begin(
    runId: RunId,
    { tool, args, caller, requestId }: { tool: string; args: JsonObject; caller: Caller; requestId: string },
  ): Promise<void> {
    const { person, conversationId, clientId } = caller.claims;
    const callId = callIdOf(runId, 0, 0);
    const at = { conversationId, runId };
    await this.store.transaction(async (tx) => {
      const run = { ...at, callId, requestedBy: { id: person.id, email: person.email } };
      const { attendedForMs } = this.attendance;
      if (
        !(await this.runs.add(tx, {
          ...run,
          request: { clientId, requestId },
          attendedForMs,
          loads: loadedBy(tool, args),
        }))
      )
        throw Failure.terminal('CallerTokenUsed', 'One request makes one call.', {
          hint: 'Send each call as a request of its own.',
        });
      const messageId = MessageId.parse(derivedId(runId, 'message'));
      const asked = await tx.emit(RunRequested, {
        ...at,
        data: { messageId, content: contentOf(tool, args), requestedBy: person },
      });
      await tx.emit(RunStarted, { ...at, causationId: asked.id, data: { model: 'none' } });
      const { cluster } = args;
      await tx.emit(ToolRequested, {
        ...at,
        causationId: asked.id,
        data: {
          callId,
          tool,
          args: args as ToolRequested['data']['args'],
          requestedBy: person,
          purpose: 'model',
          afterUntrustedText: true,
          ...(typeof cluster === 'string' ? { cluster } : {}),
        },
      });
    });
  }
}

function loadedBy(tool: string, { toolset }: JsonObject): string | undefined {
  return tool === loadToolset && typeof toolset === 'string' ? toolset : undefined;
}

const shownAtMost = 2_000;

/** What stands in the conversation where a person's message would. */
function contentOf(tool: string, args: JsonObject): string {
  const said = `${tool} ${JSON.stringify(args)}`;
  return said.length <= shownAtMost ? said : `${said.slice(0, shownAtMost - 1)}…`;
}
