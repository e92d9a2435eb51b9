/**
 * One bundle of a program as its sources are now, for tests that start it again and again: a third of the start from separate
 * modules. `node tools/bundle.mjs <main file> <folder>` writes `<folder>/main.js`. The compiler is .swcrc's, as everywhere.
 */
import { readFileSync } from 'node:fs';
import { transformSync } from '@swc/core';
import { rolldown } from 'rolldown';

const { $schema, exclude, ...config } = JSON.parse(readFileSync(new URL('../.swcrc', import.meta.url), 'utf8'));
const { jsc } = config;
const compile = (code, filename) =>
  transformSync(code, {
    ...config,
    filename,
    swcrc: false,
    configFile: false,
    sourceMaps: true,
    jsc: { ...jsc, rewriteRelativeImportExtensions: false },
  });

const [main, dir] = process.argv.slice(2);
const bundle = await rolldown({
  input: { main },
  platform: 'node',
  resolve: { conditionNames: ['@skyflo/source'] },
  // Optional peers that are not installed stay external and are never loaded.
  onLog: (level, log, handle) => {
    if (level !== 'info' && log.code !== 'UNRESOLVED_IMPORT') handle(level, log);
  },
  plugins: [
    {
      name: 'swc',
      transform: {
        filter: { id: /\.ts$/ },
        handler: (code, id) => ({ ...compile(code, id), moduleType: 'js' }),
      },
    },
  ],
});
await bundle.write({ dir, format: 'esm', keepNames: true, sourcemap: true });
await bundle.close();
