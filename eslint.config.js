import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

// ESLint looks at Svelte only, where oxlint cannot follow types; everything else is oxlint's (.oxlintrc.json).
export default defineConfig(globalIgnores(['**/build/', '**/.svelte-kit/']), {
  files: ['web/**/*.svelte', 'web/**/*.svelte.ts'],
  extends: [tseslint.configs.recommendedTypeChecked, svelte.configs.recommended],
  languageOptions: {
    parserOptions: {
      parser: tseslint.parser,
      projectService: true,
      extraFileExtensions: ['.svelte'],
      tsconfigRootDir: import.meta.dirname,
    },
  },
  rules: {
    // Every route is at the root of the console's own origin; there is no base path to resolve.
    'svelte/no-navigation-without-resolve': 'off',
  },
});
