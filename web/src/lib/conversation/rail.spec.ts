import {
  foldConversation,
  type Conversation,
  type ConversationView,
  type FoldableEvent,
  type Run,
} from '@skyflo/contracts';
import { describe, expect, it } from 'vitest';
import { RunScript } from '../../../tests/fixture/script.ts';
import { sceneId } from '../../../tests/fixture/scenes.ts';
import { changeEnding, notDoneIn, runEnding } from './endings.ts';
import { queueOf } from './queue.ts';
import { toRail } from './rail.ts';
import { changesOf, usageFacts } from './run-facts.ts';
import { ConversationStore } from './store.ts';

const scale = { namespace: 'shop', kind: 'deployment', name: 'checkout', replicas: 6 };

function fold(script: RunScript): { conversation: Conversation; run: Run } {
  const events = script.beats.map((beat) => beat.event);
  const conversation = events.reduce<Conversation | undefined>(
    (state, event) => foldConversation(state, event),
    undefined,
  );
  const run = conversation?.runs[0];
  if (!conversation || !run) throw new Error('the script tells of no run');
  return { conversation, run };
}

const aScript = (): RunScript => new RunScript(sceneId('unit'), Date.UTC(2026, 10, 24, 14)).asks('scale checkout to 6');

function executed(script: RunScript): RunScript {
  script.answers('I propose this.').wants(0, 'k8s_scale', scale);
  const plan = script.proposes();
  const callId = script.callId(0);
  script.decided(plan, 'approve').say('tool.started.v1', { callId, grantId: plan.grantId });
  script.say('tool.finished.v1', { callId, text: 'scaled', truncated: false, durationMs: 400, grantId: plan.grantId });
  const checks = [{ callId, expected: '6 pods ready', observed: '6 of 6', holds: true }];
  return script.say('run.verified.v1', { step: 0, checks }, 60_000);
}

const kinds = (run: Run): string[] => toRail(run).map((entry) => entry.kind);

describe('the rail of a run', () => {
  it('hangs what was thought, said and looked at in its order', () => {
    const script = aScript().thinks('Look first.', 400).answers('I look.', 200, [], 'Look first.');
    script.wants(0, 'k8s_get', { kind: 'pods' }).passes(0, 'k8s_get').finds(0, 'NAME', 300);
    script.nextStep().answers('All well.').ends('completed');
    expect(kinds(fold(script).run)).toEqual(['thought', 'said', 'reads', 'said']);
  });

  it('tells how long a thought took once the answer begins', () => {
    const script = aScript().thinks('Look first.', 3_200);
    expect(toRail(fold(script).run)[0]).toMatchObject({ kind: 'thought', ms: undefined });
    script.answers('I look.', 200, [], 'Look first.');
    expect(toRail(fold(script).run)[0]).toMatchObject({ kind: 'thought', ms: expect.closeTo(3_300, -3) as number });
  });

  it('keeps the keys of its entries while an answer grows, so that nothing is drawn anew', () => {
    const script = aScript().answers('A rather long answer that streams in pieces.');
    const partial = new RunScript(script.conversationId, 0);
    partial.beats.push(...script.beats.slice(0, -3));
    expect(toRail(fold(partial).run).map((entry) => entry.key)).toEqual(
      toRail(fold(script).run)
        .slice(0, 1)
        .map((entry) => entry.key),
    );
  });

  it('ends at an open decision', () => {
    const script = aScript().answers('I propose this.').wants(0, 'k8s_scale', scale);
    script.proposes();
    const { run } = fold(script);
    expect([run.status, ...kinds(run)]).toEqual(['waiting', 'said', 'change']);
  });

  it('shows a change with its verification, and leaves out the reads that verified it', () => {
    const script = executed(aScript());
    script.wants(1, 'k8s_rollout_status', scale, 'verification').passes(1, 'k8s_rollout_status').finds(1, 'ok', 90);
    script.nextStep().answers('Done.').ends('completed');
    const { run } = fold(script);
    expect(kinds(run)).toEqual(['said', 'change', 'verified', 'said']);
    expect(changesOf(run)).toMatchObject([{ state: 'verified' }]);
  });
});

describe('what went wrong', () => {
  it('says of a failed run that nothing was changed', () => {
    const failure = { code: 'ModelUnavailable', message: 'The provider answered 529.' };
    const { run } = fold(aScript().ends('failed', { failure }));
    expect(runEnding(run)).toMatchObject({ title: 'The model stopped answering', tone: 'danger' });
    expect(notDoneIn(run)).toBe('Nothing was changed.');
  });

  it('says first what is done already', () => {
    const { run } = fold(executed(aScript()).ends('stopped', { reason: 'Somebody pressed Stop.' }));
    expect(notDoneIn(run)).toBe('Scaled checkout is done and verified.');
  });

  it('voids the approval of a plan that no longer fits', () => {
    const script = aScript().answers('I propose this.').wants(0, 'k8s_scale', scale);
    script.decided(script.proposes(), 'approve');
    const failure = { code: 'TargetMoved', message: 'Replicas went from 4 to 5.' };
    script.say('tool.failed.v1', { callId: script.callId(0), failure, durationMs: 9 });
    const [call] = fold(script).run.calls;
    expect(call && changeEnding(call)).toMatchObject({ mark: 'moved', tone: 'waiting', again: 'Ask again' });
  });

  it.each([
    ['ModelRefusedKey', 'The model does not accept our key', /once the key is right/],
    ['ModelRateLimited', 'The model is asked too often', /Wait a minute/],
    ['ModelUnreachable', 'The model cannot be reached', /once it can/],
    ['ModelInvented', 'The model stopped answering', /in a moment/],
    ['HandlerFailed', 'Skyflo could not go on', /administrator/],
  ])('has words of its own for %s, and says what was not done', (code, title, next) => {
    const { run } = fold(
      aScript().ends('failed', { failure: { code, message: 'It did not work.', hint: 'Do this.' } }),
    );
    const ending = runEnding(run);
    const rows = Object.fromEntries(ending.rows);
    expect([ending.title, rows['What happened'], rows['Not done']]).toEqual([
      title,
      'It did not work.',
      'Nothing was changed.',
    ]);
    expect(rows['Next']).toMatch(/^Do this\./);
    expect(rows['Next']).toMatch(next);
  });

  it('tells a message that was taken back from a run that was stopped', () => {
    expect(runEnding(fold(aScript().ends('withdrawn')).run).title).toBe('Withdrawn before it began');
    expect(runEnding(fold(aScript().ends('stopped')).run).title).toBe('Stopped');
  });

  it.each(['policy', 'expired', 'withdrawn'])('says of a change refused by %s that nothing was changed', (why) => {
    const script = aScript().answers('I propose this.').wants(0, 'k8s_scale', scale);
    script.say('gate.refused.v1', { callId: script.callId(0), why, message: 'No.' });
    const [call] = fold(script).run.calls;
    const ending = call && changeEnding(call);
    expect(Object.fromEntries(ending?.rows ?? [])['Not done']).toMatch(/^Nothing was changed/);
    expect(ending?.again).toMatch(/^Ask/);
  });

  it('asks to look, not to change again, where nobody knows whether it happened', () => {
    const script = aScript().answers('I propose this.').wants(0, 'k8s_scale', scale);
    const told = { sent: 'a patch', seen: 'nothing', next: 'Compare the ages.' };
    script.say('tool.uncertain.v1', { callId: script.callId(0), grantId: 'g', ...told });
    const [call] = fold(script).run.calls;
    expect(call && changeEnding(call)).toMatchObject({
      tone: 'uncertain',
      ask: expect.stringMatching(/Change nothing/) as string,
    });
  });

  it('never says "not done" of what is uncertain', () => {
    const script = aScript().answers('I propose this.').wants(0, 'k8s_scale', scale);
    script.decided(script.proposes(), 'approve');
    const callId = script.callId(0);
    script.say('tool.uncertain.v1', {
      callId,
      grantId: `${callId}.1`,
      sent: 'a patch',
      seen: 'nothing',
      next: 'later',
    });
    expect(notDoneIn(fold(script).run)).toBe('We do not know about 1 change.');
  });
});

describe('the queue of a conversation', () => {
  const asked = (content: string, startsAt: number, begins: boolean): RunScript => {
    const script = new RunScript(sceneId('unit'), startsAt);
    return begins ? script.asks(content) : script.queues(content);
  };
  const conversationOf = (...scripts: readonly RunScript[]): Conversation => {
    const events = scripts.flatMap((script) => script.beats.map((beat) => beat.event));
    const state = events.reduce<Conversation | undefined>((known, event) => foldConversation(known, event), undefined);
    if (!state) throw new Error('the scripts tell of no conversation');
    return state;
  };
  const words = (conversation: Conversation): string[] => queueOf(conversation).map(({ message }) => message.content);

  it('holds what comes after the run that works, in its order', () => {
    const scripts = [asked('one', 0, true), asked('two', 1, false), asked('three', 2, false)];
    expect(words(conversationOf(...scripts))).toEqual(['two', 'three']);
  });

  it('does not hold what is next once nothing comes before it', () => {
    expect(words(conversationOf(asked('one', 0, true).ends('completed'), asked('two', 1, false)))).toEqual([]);
  });

  it('loses what was withdrawn and keeps the order of the rest', () => {
    const scripts = [asked('one', 0, true), asked('two', 1, false).ends('withdrawn'), asked('three', 2, false)];
    expect(words(conversationOf(...scripts))).toEqual(['three']);
  });
});

describe('one conversation in the browser', () => {
  const script = aScript().answers('An answer.').ends('completed');
  const events = script.beats.map((beat) => beat.event);
  const upTo = (count: number): ConversationView => {
    const state = events
      .slice(0, count)
      .reduce<Conversation | undefined>((known, event) => foldConversation(known, event), undefined);
    return { ...(state as Conversation), cursor: String(count) };
  };

  it('is the same whether it was followed from the beginning or from a snapshot', () => {
    const fromSnapshot = new ConversationStore(upTo(4), () => undefined);
    for (const [index, event] of events.slice(4).entries()) fromSnapshot.apply(event, String(index + 5));
    expect(fromSnapshot.state).toEqual(fold(script).conversation);
  });

  it('does not change when events are repeated', () => {
    const changes: Conversation[] = [];
    const store = new ConversationStore(upTo(events.length), (state) => changes.push(state));
    const repeat = (event: FoldableEvent): void => store.apply(event, String(events.length));
    for (const event of events) repeat(event);
    expect(store.state).toEqual(fold(script).conversation);
    expect(store.cursor).toBe(String(events.length));
  });

  it('knows how fast the model was', () => {
    expect(usageFacts(fold(script).run)).toMatchObject({
      firstTokenMs: 410,
      tokensPerSecond: 86,
      tokens: 9_102,
      cached: 5_980,
    });
  });
});
