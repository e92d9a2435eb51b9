import { readFileSync } from 'node:fs';

const { $schema, exclude, ...swc } = JSON.parse(readFileSync(new URL('./.swcrc', import.meta.url), 'utf8'));
const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@skyflo/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  injectGlobals: false,
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { ...swc, swcrc: false, sourceMaps: 'inline', jsc: { ...swc.jsc, rewriteRelativeImportExtensions: false } },
    ],
  },
  modulePathIgnorePatterns: ['/dist/', '/build/'],
};
export default {
  testSequencer: '<rootDir>/tools/jest-sequence.mjs',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      roots: ['<rootDir>/services', '<rootDir>/libs', '<rootDir>/local'],
      testMatch: ['**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.int\\.spec\\.ts$'],
    },
    {
      ...shared,
      displayName: 'int',
      roots: ['<rootDir>/services', '<rootDir>/libs', '<rootDir>/local'],
      testMatch: ['**/test/**/*.{int.spec,conformance}.ts'],
      setupFilesAfterEnv: ['<rootDir>/tools/jest-patience.ts'],
      globalSetup: '<rootDir>/tools/jest-servers.ts',
      globalTeardown: '<rootDir>/tools/jest-servers-stop.ts',
    },
    {
      ...shared,
      displayName: 'e2e',
      roots: ['<rootDir>/e2e'],
      testMatch: ['**/*.e2e.spec.ts'],
      setupFilesAfterEnv: ['<rootDir>/tools/jest-patience.ts'],
      globalSetup: '<rootDir>/e2e/stack-setup.ts',
      globalTeardown: '<rootDir>/e2e/stack-teardown.ts',
    },
  ],
};
