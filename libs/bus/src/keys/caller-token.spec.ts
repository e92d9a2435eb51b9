import { describe, expect, it } from '@jest/globals';
import { CallerClaims, newId, type ServiceName } from '@skyflo/contracts';
import { mintCallerToken, readCallerToken } from './caller-token.ts';
import { generateServiceKey, loadIdentity } from './identity.ts';
import { loadKeyRing } from './key-ring.ts';
import { signEnvelope } from './signature.ts';

const now = new Date('2026-11-24T10:00:00.000Z');
const claims = CallerClaims.parse({
  person: { id: newId(), email: 'mara@example.org', roles: ['operator'] },
  conversationId: newId(),
  clientId: 'a-session',
});
const keysOf = (service: ServiceName) => {
  const key = generateServiceKey(service);
  return { key, identity: loadIdentity({ service, ...key }) };
};
const gateway = keysOf('gateway');
const gate = keysOf('gate');
const keyRing = loadKeyRing(
  JSON.stringify({
    [gateway.key.kid]: { service: 'gateway', publicKey: gateway.key.publicKey },
    [gate.key.kid]: { service: 'gate', publicKey: gate.key.publicKey },
  }),
);
const read = (token: string, at = now) => readCallerToken(keyRing, token, { audience: 'tool-runner', now: at });
const mint = (audience: ServiceName = 'tool-runner', identity = gateway.identity) =>
  mintCallerToken(identity, { claims, audience, now });
const refusal = (code: string) => expect.objectContaining({ code, retryable: false });

describe('a caller token', () => {
  it('says who calls, for a minute, and each has an id of its own', () => {
    const first = read(mint());
    expect(first.claims).toEqual(claims);
    expect(read(mint()).id).not.toBe(first.id);
    expect(read(mint(), new Date(now.getTime() + 60_000)).claims).toEqual(claims);
  });

  it('is not good later, nor before it was made', () => {
    for (const at of [now.getTime() + 60_001, now.getTime() - 5_001])
      expect(() => read(mint(), new Date(at))).toThrow(refusal('CallerTokenExpired'));
  });

  it('is good for its audience only', () => {
    expect(() => read(mint('planner'))).toThrow(refusal('CallerTokenForAnother'));
  });

  it('comes from the gateway, whoever else has a key', () => {
    expect(() => read(mint('tool-runner', gate.identity))).toThrow(refusal('EmitterNotAllowed'));
    expect(() => read(mint('tool-runner', keysOf('gateway').identity))).toThrow(refusal('KeyUnknown'));
  });

  it('cannot be changed', () => {
    const envelope = JSON.parse(Buffer.from(mint(), 'base64url').toString());
    envelope.data.person.roles = ['admin'];
    const tampered = Buffer.from(JSON.stringify(envelope)).toString('base64url');
    expect(() => read(tampered)).toThrow(refusal('SignatureInvalid'));
  });

  it('is nothing that the gateway signed for another use', () => {
    const said = signEnvelope(gateway.identity, {
      specversion: '1.0',
      id: newId(),
      source: 'gateway',
      type: 'find-tools.v1',
      subject: 'tool-runner',
      time: now.toISOString(),
      datacontenttype: 'application/json',
      data: claims,
    });
    const token = Buffer.from(JSON.stringify(said)).toString('base64url');
    expect(() => read(token)).toThrow(refusal('CallerTokenForAnother'));
  });

  it.each(['', 'x', '{}', Buffer.from('{}').toString('base64url'), Buffer.from('null').toString('base64url')])(
    'is not %j',
    (token) => {
      expect(() => read(token)).toThrow(refusal('CallerTokenMalformed'));
    },
  );
});
