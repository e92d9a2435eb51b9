/** A finding as the tool `diagnose` tells it. */
export type Finding = {
  readonly severity: 'critical' | 'warning' | 'info';
  /** `ImagePull`, `CrashLoop`, … */
  readonly kind: string;
  readonly object: { readonly kind: string; readonly namespace: string; readonly name: string };
  readonly why: string;
  readonly said: readonly string[];
  readonly also: string;
  readonly next: string;
};

const head =
  /^\d+\. (?<severity>critical|warning|info) (?<trouble>\w+) (?<kind>\w+)(?: (?<namespace>[a-z0-9-]+))?\/(?<name>\S+): (?<why>.*)$/;
const more = /^ {3}(says|also|next): (.*)$/;

/** Reads the findings out of the tool's text; lines that are none are left out. */
export function readReport(text: string, namespace: string): Finding[] {
  const findings: Finding[] = [];
  for (const line of text.split('\n')) {
    const begun = head.exec(line)?.groups;
    if (begun) {
      const { severity = '', trouble = '', kind = '', name = '', why = '' } = begun;
      const object = { kind, name, namespace: begun['namespace'] ?? namespace };
      findings.push({ severity: toSeverity(severity), kind: trouble, object, why, said: [], also: '', next: '' });
      continue;
    }
    const [, part, words = ''] = more.exec(line) ?? [];
    const last = findings.at(-1);
    if (part === undefined || !last) continue;
    const told = part === 'says' ? { said: [...last.said, words] } : { [part]: words };
    findings[findings.length - 1] = { ...last, ...told };
  }
  return findings;
}

/** `name=value` of the next call; a value that only a person knows is missing. */
export function nextOf({ next }: Finding): { readonly tool: string; readonly args: Readonly<Record<string, string>> } {
  const [tool = '', ...words] = next.replace(/ \w+=<ask for it>$/, '').split(' ');
  const args = words.flatMap((word) => {
    const at = word.indexOf('=');
    return at > 0 ? [[word.slice(0, at), word.slice(at + 1)] as const] : [];
  });
  return { tool, args: Object.fromEntries(args) };
}

function toSeverity(word: string): Finding['severity'] {
  return word === 'critical' || word === 'warning' ? word : 'info';
}
