import type { Report } from './stack/report.ts';

const quietMs = 20_000;

type Output = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;

/**
 * Lines that stay, and below them one that changes. Where the output is no terminal, progress is a line of its own
 * at most every 20 s, so that a log stays readable.
 */
export class Terminal implements Report {
  readonly #out: Output;
  readonly #parts = new Map<string, string>();
  readonly #saidAt = new Map<string, number>();

  constructor(out: Output) {
    this.#out = out;
  }

  say(line: string): void {
    this.#erase();
    this.#out.write(`${line}\n`);
    this.#draw();
  }

  progress(part: string, text: string): void {
    if (this.#out.isTTY) {
      this.#erase();
      this.#parts.set(part, text);
      this.#draw();
      return;
    }
    if (Date.now() - (this.#saidAt.get(part) ?? 0) < quietMs) return;
    this.#saidAt.set(part, Date.now());
    this.#out.write(`… ${text}\n`);
  }

  done(part: string, line: string): void {
    this.#erase();
    this.#parts.delete(part);
    this.#out.write(`${line}\n`);
    this.#draw();
  }

  #erase(): void {
    if (this.#out.isTTY && this.#parts.size > 0) this.#out.write('\r\u001B[K');
  }

  #draw(): void {
    if (!this.#out.isTTY || this.#parts.size === 0) return;
    const line = `… ${[...this.#parts.values()].join(' · ')}`;
    this.#out.write(line.slice(0, Math.max(20, (this.#out.columns || 80) - 1)));
  }
}
