import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type AnswerOf, DecideApproval, grantIdOf, type Person, planDigest, RunStopRequested } from '@skyflo/contracts';
import { aGate, aPlanOf, type Gate, jonas, mara, people, priya } from './a-gate.ts';

type Answer = AnswerOf<typeof DecideApproval>;
type Run = ReturnType<Gate['aRun']>;

/** Each race is run so often, since most interleavings are rare. */
const rounds = 20;
const expiresSeconds = 900;
let gate: Gate;

beforeAll(async () => {
  gate = await aGate({ GATE_APPROVAL_EXPIRES_SECONDS: String(expiresSeconds) });
});
beforeEach(() => {
  for (const person of [mara, jonas, priya]) people.set(person.id, { ...person });
});
afterAll(() => gate.close());

async function eachRound(race: (run: Run, digest: string, round: number) => Promise<void>): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const run = gate.aRun();
    await race(run, await run.waiting(), round);
    run.heard.stop();
  }
}

const outcomes = (answers: readonly Answer[]) => answers.map(({ outcome }) => outcome).toSorted();
const messageOf = (answers: readonly Answer[], wanted: Answer['outcome']) =>
  answers.flatMap((answer) => (answer.outcome === wanted && 'message' in answer ? [answer.message] : []));
/** Lets the event loop turn a few times, so that rounds differ in who comes first. */
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** How the call ended, as the gate committed it: exactly one way, and what had to be said with it. */
async function endOf(run: Run): Promise<'passed' | 'refused' | 'expired' | 'withdrawn'> {
  await run.heard('gate.passed.v1', 'gate.refused.v1');
  const said = (await gate.emitted(run.at.runId)).filter((type) => !/requested/.test(type)).toSorted();
  const ends = {
    passed: ['approval.decided.v1', 'gate.passed.v1'],
    refused: ['approval.decided.v1', 'gate.refused.v1'],
    expired: ['approval.expired.v1', 'gate.refused.v1'],
    withdrawn: ['approval.withdrawn.v1', 'gate.refused.v1'],
  } as const;
  for (const end of ['passed', 'refused', 'expired', 'withdrawn'] as const)
    if (JSON.stringify(said) === JSON.stringify(ends[end])) return end;
  throw new Error(`a call ended in more than one way: ${said.join(', ')}`);
}

describe('one decision, and the truth for everybody', () => {
  it('when two approve at once', () =>
    eachRound(async (run, digest) => {
      const answers = await Promise.all([jonas, priya].map((person) => run.decide(person, 'approve', digest)));
      expect(outcomes(answers)).toEqual(['accepted', 'conflict']);
      expect(await endOf(run)).toBe('passed');
      const { by } = await run.heard('approval.decided.v1');
      expect(messageOf(answers, 'conflict')).toEqual([`${by.email} approved this already.`]);
      expect(answers).toContainEqual(expect.objectContaining({ outcome: 'conflict', currentDigest: digest }));
      expect(answers[by.id === jonas.id ? 0 : 1]).toEqual({ outcome: 'accepted' });
    }));

  it('when one approves and another refuses', () =>
    eachRound(async (run, digest, round) => {
      const votes = [
        async () => run.decide(jonas, 'approve', digest),
        async () => (await turns(round % 4), run.decide(priya, 'refuse', digest)),
      ];
      const answers = await Promise.all(votes.map((vote) => vote()));
      expect(outcomes(answers)).toEqual(['accepted', 'conflict']);
      const approved = answers[0]?.outcome === 'accepted';
      expect(await endOf(run)).toBe(approved ? 'passed' : 'refused');
      expect(messageOf(answers, 'conflict')).toEqual([
        approved
          ? 'jonas@example.org approved this already.'
          : 'priya@example.org refused this already. Nothing was changed.',
      ]);
    }));

  it('when the run is stopped while somebody approves', async () => {
    const ends = new Set<string>();
    await eachRound(async (run, digest, round) => {
      const stop = gate.gateway.say(RunStopRequested, { ...run.at, data: { by: mara } });
      await turns(round * 3);
      const [answer] = await Promise.all([run.decide(jonas, 'approve', digest), stop]);
      const end = await endOf(run);
      ends.add(end);
      expect([end, answer.outcome]).toEqual(
        answer.outcome === 'accepted' ? ['passed', 'accepted'] : ['withdrawn', 'conflict'],
      );
      if (answer.outcome === 'conflict')
        expect(answer).toMatchObject({ message: 'The run ended before a decision. Nothing was changed.' });
    });
    expect([...ends].every((end) => end === 'passed' || end === 'withdrawn')).toBe(true);
  });

  it('when the time runs out while two decide', () =>
    eachRound(async (run, digest, round) => {
      const { expiresAt } = await run.heard('approval.requested.v1');
      const runOut = async () => {
        await turns(round * 2);
        gate.clock.advance(Date.parse(expiresAt) - gate.clock.now().getTime());
      };
      const deciding = [jonas, priya].map((person) => run.decide(person, 'approve', digest));
      const answers = (await Promise.all([...deciding, runOut()])).filter((answer) => answer !== undefined);
      const end = await endOf(run);
      expect(outcomes(answers)).toEqual(end === 'passed' ? ['accepted', 'conflict'] : ['expired', 'expired']);
      expect(await run.decide(priya, 'refuse', digest)).toMatchObject(
        end === 'passed' ? { outcome: 'conflict' } : { outcome: 'expired' },
      );
    }));

  it('when the same decision comes ten times at once', () =>
    eachRound(async (run, digest) => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => run.decide(jonas, 'approve', digest)));
      expect(outcomes(answers)).toEqual(['accepted', ...Array.from({ length: 9 }, () => 'repeated')]);
      expect(await endOf(run)).toBe('passed');
    }));

  it('when the decision is about an older revision of the plan', () =>
    eachRound(async (run, older) => {
      const newer = await aSecondRevision(run);
      const [late, current] = await Promise.all([
        run.decide(jonas, 'approve', older),
        run.decide(priya, 'approve', newer),
      ]);
      expect(late).toMatchObject({ outcome: 'conflict', currentDigest: newer });
      expect(current).toEqual({ outcome: 'accepted' });
      expect(await endOf(run)).toBe('passed');
      expect((await run.heard('gate.passed.v1')).grant).toMatchObject({
        grantId: grantIdOf(run.callId, 2),
        planDigest: newer,
      });
    }));
});

describe('what counts is who they are when it counts', () => {
  it.each([
    ['the approver lost the role', jonas, { roles: ['operator' as const] }, 'Deciding takes the role approver, now.'],
    ['the approver may no longer act', jonas, { active: false }, 'Deciding takes the role approver, now.'],
    ['the requester may no longer act', mara, { active: false }, /^Whoever asked for this change may no longer/],
    ['the requester lost the role', mara, { roles: ['viewer' as const] }, /^Whoever asked for this change may no/],
  ])('and %s while the decision waited for its turn', async (_what, who, change, message) => {
    const run = gate.aRun();
    const digest = await run.waiting();
    const release = await holding(run);
    const deciding = run.decide(jonas, 'approve', digest);
    await waitingForLock();
    people.set(who.id, { ...who, ...change });
    await release();
    expect(await deciding).toMatchObject({ outcome: 'forbidden', message: expect.stringMatching(message) });
    expect((await gate.emitted(run.at.runId)).filter((type) => /decided|passed|refused/.test(type))).toEqual([]);
    // It still waits, for somebody who may.
    people.set(who.id, { ...who });
    expect(await run.decide(priya, 'approve', digest)).toEqual({ outcome: 'accepted' });
    expect(await endOf(run)).toBe('passed');
  });

  it('and a role that comes and goes never lets through what it did not allow', () =>
    eachRound(async (run, digest, round) => {
      const flip = async (): Promise<undefined> => {
        await turns(round);
        people.set(priya.id, { ...priya, roles: ['viewer'] });
        return undefined;
      };
      const [answer] = await Promise.all([run.decide(priya, 'approve', digest), flip()]);
      expect(['accepted', 'forbidden']).toContain(answer.outcome);
      if (answer.outcome === 'forbidden')
        expect(await run.decide(jonas, 'approve', digest)).toEqual({ outcome: 'accepted' });
      expect(await endOf(run)).toBe('passed');
      const { by } = await run.heard('approval.decided.v1');
      expect([by.email, by.roles]).toEqual(
        answer.outcome === 'accepted' ? [priya.email, priya.roles] : [jonas.email, jonas.roles],
      );
      people.set(priya.id, { ...priya });
    }));

  it('and a requester who may no longer act does not keep anybody from refusing', async () => {
    const run = gate.aRun();
    const digest = await run.waiting();
    people.set(mara.id, { ...mara, active: false });
    expect(await run.decide(priya, 'refuse', digest)).toEqual({ outcome: 'accepted' });
    expect(await endOf(run)).toBe('refused');
  });

  it('and roles that a question claims count for nothing', async () => {
    const run = gate.aRun();
    const digest = await run.waiting();
    const claiming: Person = { ...mara, roles: ['admin'] };
    expect(await run.decide(claiming, 'approve', digest)).toMatchObject({ outcome: 'forbidden' });
    expect((await gate.emitted(run.at.runId)).filter((type) => /decided|passed/.test(type))).toEqual([]);
  });
});

/** Nothing plans a call a second time yet: the row is what such a service would have the gate keep. */
async function aSecondRevision({ callId }: Run): Promise<string> {
  const plan = aPlanOf(callId, 2);
  const digest = planDigest(plan);
  await gate.tables.query(
    `insert into approvals (call_id, revision, digest, request, requested_by, state, needed, expires_at)
     select call_id, 2, $2, request || jsonb_build_object('revision', 2, 'digest', $2::text, 'plan', $3::jsonb),
       requested_by, state, needed, expires_at
     from approvals where call_id = $1 and revision = 1`,
    [callId, digest, JSON.stringify(plan)],
  );
  return digest;
}

/** Holds the lock that whoever decides needs. */
async function holding({ callId }: Run): Promise<() => Promise<void>> {
  const runner = gate.tables.createQueryRunner();
  await runner.startTransaction();
  await runner.query('select 1 from calls where call_id = $1 for update', [callId]);
  return async () => {
    await runner.rollbackTransaction();
    await runner.release();
  };
}

async function waitingForLock(): Promise<void> {
  const blocked = () =>
    gate.tables.query<unknown[]>(
      `select 1 from pg_stat_activity where wait_event_type = 'Lock' and usename = current_user`,
    );
  while ((await blocked()).length === 0) await turns(10);
}
