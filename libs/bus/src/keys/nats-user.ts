import { createUser } from '@nats-io/nkeys';

export type NatsUser = {
  /** Starts with `SU`: the secret a service connects with. */
  readonly seed: string;
  /** Starts with `U`: goes into the server's configuration. */
  readonly publicKey: string;
};

/** A fresh nkey user: the server learns the public half only. */
export function generateNatsUser(): NatsUser {
  const pair = createUser();
  return { seed: new TextDecoder().decode(pair.getSeed()), publicKey: pair.getPublicKey() };
}
