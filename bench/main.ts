/** `npm run bench -- <what>`: measures, prints JSON and a table, keeps the JSON in `artifacts/` and the table in `bench/README.md`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { type Figure, summarise, toTable } from './figure.ts';
import { benchRun } from './run/run.ts';

const benches: Readonly<Record<string, (say: (line: string) => void) => Promise<Figure[]>>> = { run: benchRun };

const root = join(import.meta.dirname, '..');
const [what = '', ...rest] = process.argv.slice(2);
const bench = benches[what];
if (!bench || rest.length > 0) {
  process.stderr.write(`say which: npm run bench -- ${Object.keys(benches).join(' | ')}\n`);
  process.exit(2);
}
const figures = await bench((line) => process.stderr.write(`… ${line}\n`));
const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
const record = {
  bench: what,
  at: new Date().toISOString(),
  machine,
  figures: figures.map((figure) => ({ ...figure, ...summarise(figure.values) })),
};
const json = `${JSON.stringify(record, undefined, 2)}\n`;
const table = `${record.at.slice(0, 10)}, ${machine}.\n\n${toTable(figures)}\n`;
const artifacts = join(root, 'artifacts');
mkdirSync(artifacts, { recursive: true });
writeFileSync(join(artifacts, `bench-${what}.json`), json);
intoReadme(table);
process.stdout.write(`${json}\n${table}`);
process.exit(0);

/** The newest table stands in the README, between two marks. */
function intoReadme(text: string): void {
  const file = join(import.meta.dirname, 'README.md');
  const [begin, end] = [`<!-- ${what} -->`, `<!-- end of ${what} -->`];
  const readme = readFileSync(file, 'utf8');
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`bench/README.md has no place for ${what}: ${begin} … ${end}`);
  writeFileSync(file, `${readme.slice(0, from + begin.length)}\n\n${text}\n${readme.slice(to)}`);
}
