import type { Person, Role, Session } from '@skyflo/contracts';
import { type Gateway, setupToken } from './a-gateway.ts';

export type SignedIn = { readonly token: string; readonly person: Person; readonly email: string };

export const password = 'correct horse battery staple';

/** Sets the installation up and brings one person of each role. */
export async function everybody(gateway: Gateway): Promise<Record<Role | 'otherOperator', SignedIn>> {
  const first = { token: setupToken, email: 'admin@example.com', password };
  const { body } = await gateway.call('POST', '/auth/setup', { body: first });
  const admin = toSignedIn(body);
  const join = async (name: string, role: Role): Promise<SignedIn> => {
    const email = `${name}@example.com`;
    await gateway.call('POST', '/people', { token: admin.token, body: { email, password, roles: [role] } });
    return signIn(gateway, email);
  };
  const [viewer, operator, otherOperator, approver] = await Promise.all([
    join('viewer', 'viewer'),
    join('operator', 'operator'),
    join('other', 'operator'),
    join('approver', 'approver'),
  ]);
  return { admin, viewer, operator, otherOperator, approver };
}

export async function signIn(gateway: Gateway, email: string): Promise<SignedIn> {
  const { body } = await gateway.call('POST', '/auth/login', { body: { email, password } });
  return toSignedIn(body);
}

function toSignedIn({ accessToken, user }: Session): SignedIn {
  return { token: accessToken, person: user, email: user.email };
}
