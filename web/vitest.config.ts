import { sveltekit } from '@sveltejs/kit/vite';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [sveltekit({ compilerOptions: { runes: true } }), svelteTesting()],
  resolve: { conditions: ['@skyflo/source', 'browser'] },
  ssr: { resolve: { conditions: ['@skyflo/source', 'browser'] }, noExternal: ['@skyflo/contracts'] },
  // What the tests stub they put back; starting a worker per file would take longer than the tests.
  test: { isolate: false, include: ['src/**/*.spec.ts', 'tests/**/*.spec.ts'] },
});
