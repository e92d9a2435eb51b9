/** What a person at the terminal is told while the stack comes up and runs. */
export type Report = {
  /** A line that stays. */
  say(line: string): void;
  /** How far something is that takes longer; each call for the same `part` replaces the last one. */
  progress(part: string, text: string): void;
  /** The part is done: its progress goes, `line` stays. */
  done(part: string, line: string): void;
};
