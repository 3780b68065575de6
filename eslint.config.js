import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { house } from './scripts/lint/house-rules.js';

const tests = ['**/*.test.ts', 'src/testing/**'];
const outsideSources = ['scripts/**', 'bench/**', 'examples/**', '*.config.ts'];

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name (`export function …`): a name is found by a search. Default exports are allowed in tool configuration only.',
};
const noEnum = {
  selector: 'TSEnumDeclaration',
  message: "Use a union of strings (`type Side = 'buy' | 'sell'`): enums cannot be erased.",
};
const noBarrel = {
  selector: 'ExportAllDeclaration, ExportNamedDeclaration[source]',
  message: 'Import from the file that declares it: re-exports are allowed in src/index.ts only.',
};

export default defineConfig(
  { ignores: ['dist/', 'coverage/', '.plimsoll/', 'vectors/'] },
  { linterOptions: { noInlineConfig: true } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { house },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error',
      'no-restricted-syntax': ['error', noDefaultExport, noEnum, noBarrel],
      'house/no-brand-cast': 'error',
      'house/short-functions': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
      // A number with a brand may be negated; the result is a plain number again.
      '@typescript-eslint/no-unsafe-unary-minus': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  { files: [...tests, ...outsideSources, 'src/apps/**'], rules: { 'no-console': 'off' } },
  { files: tests, rules: { 'house/short-functions': 'off' } },
  { files: ['src/index.ts', '**/*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.recommended] },
);
