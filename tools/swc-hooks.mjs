/** Runs TypeScript straight from the sources under Node: `node --conditions=@skyflo/source --import ./tools/swc-hooks.mjs file.ts`. One compiler (.swcrc) for builds, tests and scripts, because decorators must mean the same everywhere. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const { $schema, exclude, ...config } = JSON.parse(readFileSync(new URL('../.swcrc', import.meta.url), 'utf8'));
process.setSourceMapsEnabled(true);
registerHooks({
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
    const filename = fileURLToPath(url);
    const { code } = transformSync(readFileSync(filename, 'utf8'), {
      ...config,
      filename,
      swcrc: false,
      configFile: false,
      sourceMaps: 'inline',
      jsc: { ...config.jsc, rewriteRelativeImportExtensions: false },
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
