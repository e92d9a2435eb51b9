import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { parse } from 'yaml';

const Named = z.array(z.object({ name: z.string() })).nullish();
const Kubeconfig = z.object({
  'current-context': z.string().nullish(),
  clusters: Named,
  users: Named,
  contexts: z
    .array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string().nullish() }) }))
    .nullish(),
});

type Found = { readonly ok: true; readonly context: string } | { readonly ok: false; readonly sentence: string };

/** The file kubectl would take; the first one where `KUBECONFIG` lists several. */
export function defaultKubeconfig(env: NodeJS.ProcessEnv): string {
  const listed = env['KUBECONFIG']?.split(delimiter).find((file) => file !== '');
  return listed ?? join(homedir(), '.kube/config');
}

/** Whether the file has this context (default: its current one) with everything that belongs to it, else why not. */
export function readContext(file: string, wanted: string | undefined): Found {
  const no = (sentence: string): Found => ({ ok: false, sentence });
  const read = readKubeconfig(file);
  if (typeof read === 'string') return no(read);
  const contexts = read.contexts ?? [];
  const names = contexts.map(({ name }) => name);
  const name = wanted ?? read['current-context'];
  const theseAre = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
  if (!name) return no(`the kubeconfig ${file} names no current context: choose one with --context (${theseAre})`);
  const context = contexts.find((one) => one.name === name)?.context;
  if (!context) return no(`there is no context "${name}" in the kubeconfig ${file}; ${theseAre}`);
  if (!read.clusters?.some((cluster) => cluster.name === context.cluster))
    return no(
      `the context "${name}" of the kubeconfig ${file} names a cluster that is not in it: "${context.cluster}"`,
    );
  if (context.user && !read.users?.some((user) => user.name === context.user))
    return no(`the context "${name}" of the kubeconfig ${file} names a user that is not in it: "${context.user}"`);
  return { ok: true, context: name };
}

function readKubeconfig(file: string): z.infer<typeof Kubeconfig> | string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT'
      ? `there is no kubeconfig at ${file}`
      : `the kubeconfig ${file} cannot be read (${code ?? String(error)})`;
  }
  try {
    return Kubeconfig.parse(parse(text));
  } catch {
    return `${file} is not a kubeconfig`; // Neither parser's complaint would help a person further.
  }
}
