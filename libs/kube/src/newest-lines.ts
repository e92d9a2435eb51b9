const tries = 5;

/**
 * The newest lines of a log within a number of bytes. The kubelet takes the newest `tailLines` and then cuts at `limitBytes`
 * from their beginning, so that of long lines the very newest would be missing: fewer lines are asked for until they fit.
 */
export async function newestLines(
  read: (tailLines: number) => Promise<string>,
  { tailLines, limitBytes }: { readonly tailLines: number; readonly limitBytes: number },
): Promise<string> {
  let lines = tailLines;
  for (let n = 1; ; n += 1) {
    const text = await read(lines);
    if (new TextEncoder().encode(text).length < limitBytes || lines === 1 || n === tries) return text;
    const came = text.split('\n').length - 1;
    lines = Math.max(1, Math.min(Math.floor(came * 0.8), Math.floor(lines / 2)));
  }
}
