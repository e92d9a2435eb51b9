/** Writes what is generated; with `--check`, fails where a committed file differs. Run by `npm run gen` and `npm run check`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { toAsyncApi } from './gen/async-api.ts';
import { toEventsPage } from './gen/events-page.ts';

const root = new URL('../', import.meta.url);
const files: Readonly<Record<string, () => string>> = {
  'docs/events.md': toEventsPage,
  'docs/asyncapi.json': toAsyncApi,
};
const checkOnly = process.argv.includes('--check');
const stale: string[] = [];

for (const [path, make] of Object.entries(files)) {
  const url = new URL(path, root);
  const text = make();
  if (checkOnly) {
    if (read(url) !== text) stale.push(path);
  } else {
    writeFileSync(url, text);
  }
}
if (stale.length > 0) {
  console.error(`Out of date: ${stale.join(', ')}. Run "npm run gen" and commit the result.`);
  process.exitCode = 1;
}

function read(url: URL): string | undefined {
  try {
    return readFileSync(url, 'utf8');
  } catch {
    return undefined; // A file that is not there yet is out of date, like one that differs.
  }
}
