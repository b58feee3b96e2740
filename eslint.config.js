import eslint from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import ownMembers from './tools/own-members.mjs';
import plainEnglish from './tools/plain-english.mjs';

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'var/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off', // an async port may be answered synchronously (SQLite)
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: {
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 70, skipComments: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/main.ts', 'src/cli.ts', 'src/worker.ts', 'src/pdf-check/pdf-process.ts', 'src/config/config.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        {
          name: 'process',
          message: 'only main.ts, cli.ts, worker.ts, pdf-process.ts and config/config.ts touch process',
        },
      ],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { house: { rules: { 'plain-english': plainEnglish.rule } } },
    rules: { 'house/plain-english': 'error' },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { names: { rules: { plain: plainEnglish.nameRule } } },
    rules: { 'names/plain': 'error' },
  },
  {
    files: ['{src,tests}/**/*.{ts,tsx,js,mjs}', '{bench,tools}/**/*.{ts,mjs}', 'resources/web/*.js'],
    plugins: { comments: { rules: { beginning: plainEnglish.beginningRule } } },
    rules: { 'comments/beginning': 'error' },
  },
  {
    // Where clients' texts come; the others read files of the site and of the program.
    files: ['src/{core,edge,handout,protocols,reading-ease,upstream,web}/**/*.{ts,tsx}', 'src/*.ts'],
    plugins: { tables: { rules: { own: ownMembers } } },
    rules: { 'tables/own': 'error' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: { ...globals.node, document: 'readonly' } },
  },
  { files: ['resources/web/*.js', 'resources/demo/assets/*.js'], languageOptions: { globals: globals.browser } },
);
