// @vitest-environment jsdom
import { PersonId, planDigest, type ApprovalRequest, type Role } from '@skyflo/contracts';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { session } from '#lib/state/session.svelte.ts';
import { aPlan } from '../../../tests/fixture/plan.ts';
import { jonas, mara } from '../../../tests/fixture/script.ts';
import ApprovalCard from './ApprovalCard.svelte';
import { checkDigest } from './digest-check.ts';

const runId = '0199a0c0-0000-7000-8000-000000000001';
const callId = `${runId}.0.0`;

function aRequest(parts: Partial<ApprovalRequest> = {}): ApprovalRequest {
  const plan = aPlan(callId);
  return {
    callId,
    revision: 1,
    digest: planDigest(plan),
    runId,
    conversationId: '0199a0c0-0000-7000-8000-000000000002',
    plan,
    requestedBy: mara,
    requestedAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + 900_000).toISOString(),
    needed: 1,
    policy: { name: 'writes-need-approval', message: 'asks for 1 approver.' },
    notices: [],
    ...parts,
  } as ApprovalRequest;
}

function signInAs(role: Role): void {
  session.begin({ ...jonas, id: PersonId.parse(jonas.id), roles: [role] });
}

/** The gate behind the card: answers each decision in turn, and remembers what it was asked. */
function aGate(...answers: readonly Response[]): { readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const rest = [...answers];
  vi.stubGlobal('fetch', (_: string, init?: RequestInit) => {
    asked.push(JSON.parse(init?.body as string));
    return Promise.resolve(rest.shift() ?? Response.json({}, { status: 202 }));
  });
  return { asked };
}

const approve = (): HTMLElement => screen.getByRole('button', { name: /approve this change|approving/i });
const refuse = (): HTMLElement => screen.getByRole('button', { name: /^refus/i });

function conflict(more: object): Response {
  const body = {
    type: 'about:blank',
    title: 'Conflict',
    status: 409,
    detail: 'Decided otherwise.',
    code: 'Conflict',
    ...more,
  };
  return Response.json(body, { status: 409 });
}

beforeEach(() => signInAs('approver'));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  session.end();
});

describe('the digest of a plan', () => {
  it('is the gate’s when nothing was touched', () => {
    expect(checkDigest(aRequest()).equal).toBe(true);
  });

  it('differs as soon as anything shown differs, also members this console does not know', () => {
    const request = aRequest();
    const other = { ...request, plan: { ...request.plan, effect: `${request.plan.effect} ` } };
    const more = { ...request, plan: { ...request.plan, unknown: 1 } };
    expect([checkDigest(other).equal, checkDigest(more).equal]).toEqual([false, false]);
  });
});

describe('the approval card', () => {
  it('shows the effect, the target and the change before it asks', () => {
    render(ApprovalCard, { request: aRequest() });
    expect(screen.getByRole('heading', { level: 2 }).textContent).toContain('512 MiB of memory instead of 256 MiB');
    expect(screen.getByText('Deployment checkout')).toBeTruthy();
    expect(screen.getAllByText('256Mi').length).toBeGreaterThan(0);
    expect(screen.getByText(/equal to the gate/)).toBeTruthy();
  });

  it('sends the digest it computed itself', async () => {
    const { asked } = aGate();
    const request = aRequest();
    render(ApprovalCard, { request });
    await fireEvent.click(approve());
    expect(asked).toEqual([{ decision: 'approve', digest: request.digest }]);
  });

  it('turns both answers off while one is on its way', async () => {
    aGate();
    render(ApprovalCard, { request: aRequest() });
    await fireEvent.click(approve());
    expect(approve().textContent).toContain('Approving…');
    expect([approve(), refuse()].map((button) => (button as HTMLButtonElement).disabled)).toEqual([true, true]);
  });

  it('blocks approval, and says why, when the digest differs from the gate’s', () => {
    render(ApprovalCard, { request: aRequest({ digest: 'd'.repeat(64) }) });
    expect((approve() as HTMLButtonElement).disabled).toBe(true);
    expect(screen.getByRole('alert').textContent).toContain('Digest differs from the gate’s.');
  });

  it('wants a reason before it refuses', async () => {
    const { asked } = aGate();
    const request = aRequest();
    render(ApprovalCard, { request });
    await fireEvent.click(refuse());
    expect(asked).toEqual([]);
    await fireEvent.input(screen.getByLabelText(/reason/i), { target: { value: 'Not during the sale.' } });
    await fireEvent.click(refuse());
    expect(asked).toEqual([{ decision: 'refuse', digest: request.digest, reason: 'Not during the sale.' }]);
  });

  it('gives viewers and operators the whole card without the answers', () => {
    signInAs('operator');
    render(ApprovalCard, { request: aRequest() });
    expect(screen.queryByRole('button', { name: /approve this change/i })).toBeNull();
    expect(screen.getByText('Waiting for an approver')).toBeTruthy();
  });

  it('says that the world moved when the gate has another digest by now', async () => {
    aGate(conflict({ currentDigest: 'e'.repeat(64) }));
    render(ApprovalCard, { request: aRequest() });
    await fireEvent.click(approve());
    await waitFor(() =>
      expect(screen.getByRole('alert').textContent).toContain('The world moved. Nothing was changed.'),
    );
    expect((approve() as HTMLButtonElement).disabled).toBe(true);
  });

  it('lets somebody try again when the answer got lost', async () => {
    aGate(new Response('', { status: 503 }));
    render(ApprovalCard, { request: aRequest() });
    await fireEvent.click(approve());
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('cannot answer right now'));
    expect((approve() as HTMLButtonElement).disabled).toBe(false);
  });

  it('moves the focus to Approve on A, and decides nothing by it', async () => {
    const { asked } = aGate();
    render(ApprovalCard, { request: aRequest() });
    await fireEvent.keyDown(document.body, { key: 'a' });
    expect([document.activeElement, asked.length]).toEqual([approve(), 0]);
  });

  it('draws hidden characters as boxes and counts them', () => {
    const plan = aPlan(callId, { effect: 'Scale chеckout\u200b to 6.' });
    render(ApprovalCard, { request: aRequest({ plan, digest: planDigest(plan) }) });
    expect(screen.getByText('U+200B')).toBeTruthy();
    expect(screen.getByText(/2 hidden characters, drawn as boxes/)).toBeTruthy();
  });
});
