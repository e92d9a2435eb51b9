import { readFile } from 'node:fs/promises';
import { Failure } from '@skyflo/contracts';
import type { Credentials, Presented } from './access.ts';

/** The kubelet rotates projected tokens well before they expire and asks readers to look again at least every five minutes. */
const tokenFileMs = 60_000;

/** Credentials that never change: a token, a user name with password, a client certificate, or nothing at all. */
export function fixedCredentials(presented: Presented): Credentials {
  return { present: () => Promise.resolve(presented), forget: () => {} };
}

/** A bearer token in a file that somebody else rotates. */
export function tokenFileCredentials(path: string, now: () => number = Date.now): Credentials {
  let held: { presented: Presented; readAt: number } | undefined;
  return {
    async present() {
      if (held && now() - held.readAt < tokenFileMs) return held.presented;
      const token = (await readTokenFile(path)).trim();
      held = { presented: { headers: { authorization: `Bearer ${token}` } }, readAt: now() };
      return held.presented;
    },
    forget() {
      held = undefined;
    },
  };
}

async function readTokenFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw Failure.retryable('CredentialsMissing', `The token file ${path} cannot be read.`, { cause });
  }
}
