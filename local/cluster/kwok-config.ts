import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import type { ClusterFolder } from './cluster-folder.ts';

const stages = join(import.meta.dirname, 'stages');
const profiles = join(import.meta.dirname, 'logs');
const secondsBetweenLines = 7;

/**
 * References that no registry has, by their looks: a telling word in the last part, or a tag of the
 * shop's own registry that is no release (`2.7.0-hotfix`).
 */
const unpullable =
  '(^|[:/-])(invalid|nonexist|no-such|not-?found|typo|broken|missing|bad|wrong)[^/]*$|^registry[.]shop[.]example/[^:]*:.*-';

/** Writes kwok's configuration (how pods and nodes behave) and the logs that its pods will show. */
export async function writeKwokConfig(folder: ClusterFolder): Promise<void> {
  const names = await writePodLogs(folder.podLogs);
  const prelude = (await readFile(join(stages, 'prelude.jq'), 'utf8')).replaceAll('${unpullable}', () => unpullable);
  const values: Record<string, string> = {
    prelude: `${prelude}\n`,
    // In a template it stands inside a string of Go, where it needs no escaping as long as it has no backslash.
    unpullable,
    logs: folder.podLogs,
    profiles: names.map((name) => JSON.stringify(name)).join(' '),
  };
  const fill = (text: string) => text.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  const documents: string[] = [];
  for (const file of (await readdir(stages)).filter((name) => name.endsWith('.yaml'))) {
    for (const document of parseAllDocuments(await readFile(join(stages, file), 'utf8'))) {
      documents.push(
        stringify(document.toJS({ reviver: (_, value: unknown) => (typeof value === 'string' ? fill(value) : value) })),
      );
    }
  }
  await writeFile(folder.kwokConfig, documents.join('---\n'));
}

/** Copies each profile in the format of a container runtime, as if its last line had just been written. */
async function writePodLogs(target: string): Promise<string[]> {
  const files = (await readdir(profiles)).filter((file) => file.endsWith('.log'));
  for (const file of files) {
    const lines = (await readFile(join(profiles, file), 'utf8')).trimEnd().split('\n');
    const at = (index: number) =>
      new Date(Date.now() - (lines.length - index) * secondsBetweenLines * 1000).toISOString();
    await writeFile(join(target, file), lines.map((line, index) => `${at(index)} stdout F ${line}\n`).join(''));
  }
  return files.map((file) => file.replace(/\.log$/, ''));
}
