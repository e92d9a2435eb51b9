import type { Followed } from '@skyflo/bus';
import {
  type AnyEvent,
  type AnswerOf,
  ApprovalRequested,
  FindTools,
  GateRefused,
  grantIdOf,
  LetterDied,
  loadToolset,
  newId,
  PersonId,
  type PersonRef,
  RunRequested,
  RunStopRequested,
  ToolDescription,
  ToolFailed,
  ToolFinished,
  ToolRequested,
  MessageId,
  RunId,
  SendRunNow,
  WithdrawRun,
  ConversationId,
} from '@skyflo/contracts';
import { type ModelServer, startModelServer } from '@skyflo/local/model';
import { migrate } from '@skyflo/store';
import { aVoice, createTestDatabase, serviceEnv, startTestNats, type TestNatsOptions } from '@skyflo/testkit';
import { aPlan } from '@skyflo/testkit/builders';
import { DataSource } from 'typeorm';
import { migrations } from '../src/adapters/migrations/index.ts';

export const mara = { id: PersonId.parse(newId()), email: 'mara@example.org', roles: ['operator' as const] };
const checked = 'Deployment shop/checkout is rolled out: 3 of 3 pods ready.\n3 wanted, 3 ready.';
type Requested = ToolRequested['data'];
type EventData<T extends AnyEvent['type']> = Extract<AnyEvent, { type: T }>['data'];

/** The planner's surroundings: bus, database and a scripted model; gate, tool-runner and gateway are played by the test. */
export async function startWorld(options?: TestNatsOptions) {
  const [database, nats] = await Promise.all([createTestDatabase(), startTestNats(options)]);
  await migrate({ url: database.urlFor('planner'), schema: 'planner', migrations });
  const sql = await new DataSource({ type: 'postgres', url: database.adminUrl }).initialize();
  const model = await startModelServer({ tokenDelayMs: 0 });
  const [gateway, gate, runner] = await Promise.all([
    aVoice(nats, 'gateway'),
    aVoice(nats, 'gate'),
    aVoice(nats, 'tool-runner'),
  ]);
  const tools = ['look', 'change', 'check', loadToolset, 'chart'].map((name) =>
    ToolDescription.parse({
      name,
      title: name,
      description: name,
      class: name === 'change' ? 'write' : 'read',
      toolset: name === 'chart' ? 'charts' : 'core',
      inputSchema: { type: 'object', properties: {} },
    }),
  );
  const clusters: AnswerOf<typeof FindTools>['clusters'] = [{ name: 'sandbox', state: 'ready', guardLevel: 1 }];
  const toolsets = ['core', 'charts'].map((name) => ({ name, summary: name, shown: name === 'core' }));
  runner.bus.answer(FindTools, async () => ({ tools, toolsets, clusters }));
  const finish = (at: object, callId: Requested['callId'], data: Partial<ToolFinished['data']> = {}) =>
    runner.say(ToolFinished, { ...at, data: { callId, text: 'ok', truncated: false, durationMs: 1, ...data } });
  let held: (() => Promise<unknown>)[] | undefined;
  // Reads and checks are answered at once, unless the test holds them; what is to be written waits for the test.
  runner.bus.consume(ToolRequested, async (event) => {
    const at = { conversationId: event.conversationid, runId: event.runid };
    const { tool, callId, args } = event.data;
    if (tool === 'look') await finish(at, callId, { text: `seen ${JSON.stringify(args['what'])}` });
    if (tool === loadToolset) await finish(at, callId);
    if (tool !== 'check') return;
    const answer = () => finish(at, callId, { text: checked, facts: { done: true, ready: 3 } });
    if (held) held.push(answer);
    else await answer();
  });

  const env = (over: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    ...serviceEnv('planner', { database, nats }),
    PLANNER_MODEL_URL: model.url,
    PLANNER_MODEL_NAME: 'script',
    PLANNER_MODEL_RETRIES: '1',
    PLANNER_MODEL_RETRY_MS: '20',
    PLANNER_SWEEP_MS: '200',
    PLANNER_LEASE_SECONDS: '1',
    PLANNER_MAX_CALLS: '6',
    ...over,
  });

  /** A conversation as its owner and the other services see it. */
  const converse = () => {
    const conversationId = ConversationId.parse(newId());
    const events = follow(gateway.bus.follow.bind(gateway.bus), conversationId);
    return {
      conversationId,
      events,
      async say(content: string, over: 'gateway' | 'MCP' = 'gateway') {
        const run = this.prepare(content, over);
        await run.say();
        return run;
      },
      /** A run whose message is said later. */
      prepare(content: string, over: 'gateway' | 'MCP' = 'gateway') {
        const runId = RunId.parse(newId());
        const at = { conversationId, runId };
        const data = { messageId: MessageId.parse(newId()), content, requestedBy: mara };
        const of =
          <T extends AnyEvent['type']>(type: T) =>
          (event: AnyEvent) =>
            event.runid === runId && event.type === type;
        return {
          runId,
          say: () => (over === 'MCP' ? runner : gateway).say(RunRequested, { ...at, data }),
          withdraw: (by: PersonRef = mara) => gateway.bus.ask(WithdrawRun, { ...at, by }),
          sendNow: (by: PersonRef = mara) => gateway.bus.ask(SendRunNow, { ...at, by }),
          heard: <T extends AnyEvent['type']>(type: T, nth = 0) =>
            events.wait(of(type), nth) as Promise<Omit<AnyEvent, 'data'> & { data: EventData<T> }>,
          all: <T extends AnyEvent['type']>(type: T) =>
            events.seen.filter(of(type)).map(({ data }) => data as EventData<T>),
          types: () => events.seen.filter((event) => event.runid === runId).map(({ type }) => type),
          stop: () => gateway.say(RunStopRequested, { ...at, data: { by: mara } }),
          finish: (callId: Requested['callId'], data?: Partial<ToolFinished['data']>) => finish(at, callId, data),
          fail: (callId: Requested['callId'], code: string, message: string) =>
            runner.say(ToolFailed, { ...at, data: { callId, failure: { code, message }, durationMs: 1 } }),
          refuse: (callId: Requested['callId'], reason: string) =>
            gate.say(GateRefused, {
              ...at,
              data: { callId, why: 'person', message: `${mara.email} refused this change.`, by: mara, reason },
            }),
          giveUp: (type: string) => gate.say(LetterDied, { data: aLetter(type, at) }),
          /** Resolves when the planner knows, before it has heard of the run itself, that it is given up. */
          async untilGivenUp(): Promise<void> {
            const known = () => sql.query('select 1 from planner.given_up_runs where run_id = $1', [runId]);
            while ((await known()).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
          },
          askPerson: (callId: Requested['callId']) =>
            gate.say(ApprovalRequested, { ...at, data: anApproval(callId, at) }),
        };
      },
    };
  };

  return {
    model,
    env,
    converse,
    /** The tools that the model was shown with each request, oldest first. */
    shown: () => model.requests('script').map(({ tools: shown }) => shown.map((tool) => tool.function.name)),
    /** What the model was told last, as text. */
    told: () => JSON.stringify(model.requests('script').at(-1)?.messages ?? []),
    holdChecks(): void {
      held = [];
    },
    async answerChecks(): Promise<void> {
      const answers = held ?? [];
      held = undefined;
      await Promise.all(answers.map((answer) => answer()));
    },
    async stop() {
      await Promise.all([...[gateway, gate, runner].map((voice) => voice.close()), sql.destroy()]);
      await Promise.all([model.stop(), database.drop(), nats.stop()]);
    },
  };
}
export type World = Awaited<ReturnType<typeof startWorld>>;
export type { ModelServer };

type Follow = (conversationId: string, options: { signal: AbortSignal }) => AsyncIterable<Followed>;

function follow(source: Follow, conversationId: string) {
  const seen: AnyEvent[] = [];
  const looks = new Set<() => void>();
  void (async () => {
    for await (const item of source(conversationId, { signal: new AbortController().signal })) {
      if (item.kind === 'event') seen.push(item.event as AnyEvent);
      for (const look of looks) look();
    }
  })().catch(() => undefined);
  const wait = (fits: (event: AnyEvent) => boolean, nth: number): Promise<AnyEvent> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = seen.filter(fits)[nth];
        if (!found) return;
        looks.delete(look);
        resolve(found);
      };
      looks.add(look);
      look();
    });
  return { seen, wait };
}

function anApproval(
  callId: Requested['callId'],
  at: { conversationId: string; runId: string },
): ApprovalRequested['data'] {
  const now = new Date().toISOString();
  return ApprovalRequested.data.parse({
    callId,
    revision: 1,
    digest: 'a'.repeat(64),
    ...at,
    requestedBy: mara,
    requestedAt: now,
    expiresAt: now,
    needed: 1,
    policy: { name: 'writesNeedApproval', message: '' },
    notices: [],
    plan: aPlan({ tool: 'change', argsDigest: 'a'.repeat(64), grantId: grantIdOf(callId, 1) }),
  });
}

function aLetter(type: string, about: { conversationId: string; runId: string }): LetterDied['data'] {
  return {
    consumer: `gate-${type.replaceAll('.', '-')}`,
    stream: 'RUNS',
    streamSequence: 1,
    eventId: newId(),
    type,
    ...about,
    failure: { code: 'UnexpectedError', message: 'a check constraint was violated' },
    tries: 9,
    failedAt: new Date().toISOString(),
  };
}
