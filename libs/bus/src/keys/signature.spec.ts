import { describe, expect, it } from '@jest/globals';
import { newId, RunStarted, type Envelope } from '@skyflo/contracts';
import { createSeal } from '../events/seal.ts';
import { generateServiceKey, loadIdentity, type ServiceKey } from './identity.ts';
import { loadKeyRing } from './key-ring.ts';
import { verifyEnvelope } from './signature.ts';

const planner = generateServiceKey('planner');
const gate = generateServiceKey('gate');
const entry = (key: ServiceKey, service: string, retired = false) => ({
  [key.kid]: { service, publicKey: key.publicKey, ...(retired ? { retired } : {}) },
});
const ring = loadKeyRing(JSON.stringify({ ...entry(planner, 'planner'), ...entry(gate, 'gate') }));
const identity = loadIdentity({ service: 'planner', signingKey: planner.signingKey });
const about = { conversationId: newId(), runId: newId() };

function anEnvelope(): Envelope {
  const emission = { data: { model: 'm' }, causationId: newId(), ...about };
  return createSeal(identity, () => new Date('2026-11-24T09:00:00Z'))(RunStarted, emission, 7);
}
const from = ['planner'] as const;
const codeOf = (act: () => void) => {
  try {
    act();
    return 'accepted';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('a sealed envelope', () => {
  it('is a CloudEvent with the subject its ids make and its place in the run', () => {
    expect(anEnvelope()).toMatchObject({
      specversion: '1.0',
      source: 'planner',
      type: 'run.started.v1',
      subject: `run.${about.conversationId}.${about.runId}.run.started.v1`,
      time: '2026-11-24T09:00:00.000Z',
      sequence: '0000000007',
      conversationid: about.conversationId,
      runid: about.runId,
      kid: planner.kid,
    });
  });

  it('is accepted after a journey as JSON, in whatever order its members arrive', () => {
    const sent = JSON.parse(JSON.stringify(anEnvelope())) as Envelope;
    const turned = Object.fromEntries(Object.entries(sent).toReversed()) as Envelope;
    expect(codeOf(() => verifyEnvelope(ring, sent, { from }))).toBe('accepted');
    expect(codeOf(() => verifyEnvelope(ring, turned, { from }))).toBe('accepted');
  });

  it.each<[string, (envelope: Envelope) => Envelope]>([
    ['data', (envelope) => ({ ...envelope, data: { model: 'another' } })],
    ['id', (envelope) => ({ ...envelope, id: newId() })],
    ['subject', (envelope) => ({ ...envelope, subject: 'run.a.b.run.started.v1' })],
    ['time', (envelope) => ({ ...envelope, time: '2027-01-01T00:00:00.000Z' })],
    ['a member nobody knows', (envelope) => Object.assign({ extra: 1 }, envelope)],
    ['no signature', ({ sig: _sig, ...envelope }) => envelope],
  ])('is refused with a changed %s', (_, change) => {
    expect(codeOf(() => verifyEnvelope(ring, change(anEnvelope()), { from }))).toBe('SignatureInvalid');
  });

  it('is refused from a service that may not say it', () => {
    expect(codeOf(() => verifyEnvelope(ring, anEnvelope(), { from: ['gate'] }))).toBe('EmitterNotAllowed');
  });

  it('is refused when its key belongs to another service or to nobody', () => {
    const lent = { ...anEnvelope(), source: 'gate' as const };
    expect(codeOf(() => verifyEnvelope(ring, lent, { from: ['gate'] }))).toBe('KeyUnknown');
    expect(codeOf(() => verifyEnvelope(ring, { ...anEnvelope(), kid: 'planner-0' }, { from }))).toBe('KeyUnknown');
  });

  it('signed with a retired key counts as history and not as a decision', () => {
    const retired = loadKeyRing(JSON.stringify(entry(planner, 'planner', true)));
    expect(codeOf(() => verifyEnvelope(retired, anEnvelope(), { from }))).toBe('KeyRetired');
    expect(codeOf(() => verifyEnvelope(retired, anEnvelope(), { from, retired: true }))).toBe('accepted');
  });

  it('cannot be made for another service’s event, nor with data that does not fit', () => {
    const seal = createSeal(loadIdentity({ service: 'gate', signingKey: gate.signingKey }));
    expect(codeOf(() => seal(RunStarted, { data: { model: 'm' }, ...about }, 1))).toBe('EmitterNotAllowed');
    expect(codeOf(() => createSeal(identity)(RunStarted, { data: {}, ...about }, 1))).toBe('DataInvalid');
  });
});

describe('keys in configuration', () => {
  it('are refused with one sentence about everything that is wrong', () => {
    const json = JSON.stringify({
      a: { service: 'gate', publicKey: 'AAAA' },
      b: { service: 'nobody' },
      c: { service: 'gate' },
    });
    expect(() => loadKeyRing(json)).toThrow(
      'a: "publicKey" is not SPKI DER in base64url; b: "service" must be one of gateway, planner, gate, tool-runner, persistence; c: "publicKey" is missing',
    );
    expect(() => loadKeyRing('[]')).toThrow('it is not a JSON object');
    expect(() => loadKeyRing('{}')).toThrow('it holds no key');
  });

  it('never show a signing key in an error or a log', () => {
    expect(() => loadIdentity({ service: 'gate', signingKey: 'secret' })).toThrow(
      'the signing key of gate is not PKCS#8 DER in base64url',
    );
    expect(JSON.stringify(identity)).not.toContain(planner.signingKey);
  });

  it('tell which services cannot sign anything new', () => {
    const some = loadKeyRing(JSON.stringify({ ...entry(planner, 'planner'), ...entry(gate, 'gate', true) }));
    expect(some.missing()).toEqual(['gateway', 'gate', 'tool-runner', 'persistence']);
  });
});
