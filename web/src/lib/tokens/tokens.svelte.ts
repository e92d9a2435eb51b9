import type { MadeToken, NewToken, PersonalToken } from '@skyflo/contracts';
import { api } from '#lib/api/api.ts';
import { sentenceOf } from '#lib/api/problem.ts';

/** One's own personal access tokens. */
export class Tokens {
  #items = $state.raw<readonly PersonalToken[] | undefined>(undefined);
  #problem = $state<string | undefined>(undefined);

  /** Undefined until the first answer; the newest first. */
  get items(): readonly PersonalToken[] | undefined {
    return this.#items;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  async load(): Promise<void> {
    try {
      this.#items = (await api.tokens()).items;
      this.#problem = undefined;
    } catch (thrown) {
      this.#problem = sentenceOf(thrown);
    }
  }

  /** Rejects with why not. What it resolves with is shown once and kept nowhere. */
  async make(wanted: NewToken): Promise<MadeToken> {
    const made = await api.createToken(wanted);
    await this.load();
    return made;
  }

  /** Rejects with why not. */
  async revoke(id: string): Promise<void> {
    await api.revokeToken(id);
    await this.load();
  }
}
