import { renameSync, writeFileSync } from 'node:fs';

/** One running process of the stack; `port` is null where it listens on none. */
export type StackProcess = { readonly name: string; readonly pid: number; readonly port: number | null };

/** `<data-dir>/stack.json`. */
export type StackFile = {
  readonly processes: readonly StackProcess[];
  /** For kubectl and for counting writes; null where the stack works on somebody's own cluster. */
  readonly sandbox: { readonly kubeconfig: string; readonly auditLog: string } | null;
};

/** Replaces the file whole: whoever reads it sees the old or the new one, never a half. */
export function writeStackFile(file: string, content: StackFile): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(content, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
}
