import type { PersonChange, PersonList } from '@skyflo/contracts';
import { api } from '#lib/api/api.ts';
import { sentenceOf } from '#lib/api/problem.ts';

export type Member = PersonList['items'][number];

/** Everybody who can sign in, for administrators. */
export class People {
  #items = $state.raw<readonly Member[] | undefined>(undefined);
  #problem = $state<string | undefined>(undefined);

  /** Undefined until the first answer; who was deactivated comes last. */
  get items(): readonly Member[] | undefined {
    return this.#items;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  async load(): Promise<void> {
    try {
      const { items } = await api.people();
      this.#items = items.toSorted((a, b) => Number(b.active) - Number(a.active) || a.email.localeCompare(b.email));
      this.#problem = undefined;
    } catch (thrown) {
      this.#problem = sentenceOf(thrown);
    }
  }

  /** Rejects with why not. */
  async change(id: string, change: PersonChange): Promise<void> {
    await api.changePerson(id, change);
    await this.load();
  }
}
