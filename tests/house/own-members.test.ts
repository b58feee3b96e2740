import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../support/connector.js';

/** Lines of a module that the rule rejects, by a project of this module alone: the program's own takes ten times as long. */
function judge(code: string): number[] {
  const { path: folder, remove } = temporaryFolder();
  try {
    const compilerOptions = {
      strict: true,
      noUncheckedIndexedAccess: true,
      target: 'es2022',
      lib: ['es2023'],
      types: [],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['table.ts'] }));
    writeFileSync(join(folder, 'table.ts'), code);
    const place = (path: string): string => JSON.stringify(pathToFileURL(resolve(path)).href);
    const config = `import own from ${place('tools/own-members.mjs')};
      import { parser } from ${place('node_modules/typescript-eslint/dist/index.js')};
      const parserOptions = { project: './tsconfig.json', tsconfigRootDir: ${JSON.stringify(folder)} };
      const plugins = { tables: { rules: { own } } };
      export default [{ files: ['*.ts'], languageOptions: { parser, parserOptions }, plugins, rules: { 'tables/own': 2 } }];`;
    writeFileSync(join(folder, 'eslint.config.mjs'), config);
    const eslint = resolve('node_modules/eslint/bin/eslint.js');
    const run = spawnSync(process.execPath, [eslint, '--format', 'json', 'table.ts'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const [file] = JSON.parse(run.stdout) as { messages: { ruleId: string | null; line: number; message: string }[] }[];
    const messages = file?.messages ?? [];
    expect(messages.filter(({ ruleId }) => ruleId !== 'tables/own')).toEqual([]);
    return messages.map(({ line }) => line);
  } finally {
    remove();
  }
}

test('a read of a plain object by any text is an error; one by its own names, of a list, or that was asked about is not', () => {
  const code = [
    "const TABLE: Readonly<Record<string, string>> = { a: 'b' };",
    'const PARTS: Partial<Record<string, { readonly inner: Readonly<Record<string, string>> }>> = {};',
    "const NAMED = { a: 'b', c: 'd' } as const;",
    'export const bad = (text: string) => TABLE[text];',
    "export const worse = (text: string) => PARTS['a']?.inner[text.trim()] ?? PARTS[`x${text}`];",
    "export const own = (text: 'a' | 'c') => NAMED[text];",
    'export const asked = (text: string) => (Object.hasOwn(TABLE, text) ? TABLE[text] : undefined);',
    'export const other = (text: string, key: string) => (Object.hasOwn(TABLE, key) ? TABLE[text] : undefined);',
    "export const inList = (list: readonly string[], at: number) => list[at] ?? 'abc'[at];",
    'export const json = (value: Record<string, unknown>, name: string) => value[name];',
  ];
  expect(judge(code.join('\n'))).toEqual([4, 5, 5, 8]);
});
