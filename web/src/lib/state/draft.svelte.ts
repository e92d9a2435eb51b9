import { keepDraft, readDraft } from './drafts.ts';

const together = (...texts: readonly string[]): string => texts.filter((text) => text.trim() !== '').join('\n\n');

/**
 * What somebody writes in one conversation, until it was taken. While it is on its way it has left the field, so that the next
 * thought can be written; it stays in the browser's storage until the gateway has answered, and comes back if it did not.
 */
export class Draft {
  #text = $state('');
  #leaving = $state<string | undefined>(undefined);
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
    this.#text = readDraft(key);
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    this.#keep();
  }

  /** What is on its way to the gateway. */
  get leaving(): string | undefined {
    return this.#leaving;
  }

  get empty(): boolean {
    return this.#text.trim() === '';
  }

  /** Puts a proposal into the field, below what is there. */
  offer(text: string): void {
    this.text = together(this.#text, text);
  }

  /** Takes out what has arrived after all, and leaves what was written since. */
  drop(arrived: string): void {
    if (this.#text.trimStart().startsWith(arrived))
      this.text = this.#text.trimStart().slice(arrived.length).trimStart();
  }

  /** Sends what is in the field, one at a time; `send` answers whether it was taken. */
  async leave(send: (content: string) => Promise<boolean>): Promise<void> {
    if (this.empty || this.#leaving !== undefined) return;
    const leaving = this.#text;
    this.#leaving = leaving;
    this.#text = '';
    const taken = await send(leaving.trim()).catch(() => false);
    this.#leaving = undefined;
    if (!taken) this.#text = together(leaving, this.#text);
    this.#keep();
  }

  #keep(): void {
    keepDraft(this.#key, together(this.#leaving ?? '', this.#text));
  }
}
