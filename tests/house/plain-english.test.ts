import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import type { Rule } from 'eslint';
import { Linter } from 'eslint';

const { default: plainEnglish } = (await import(pathToFileURL(resolve('tools/plain-english.mjs')).href)) as {
  readonly default: {
    readonly rule: Rule.RuleModule;
    readonly nameRule: Rule.RuleModule;
    readonly beginningRule: Rule.RuleModule;
    readonly findWordsInDocument: (markdown: string, path: string) => string[];
  };
};

/** The messages of the rule for a module's source. */
const lint = (source: string): string[] =>
  new Linter()
    .verify(source, {
      plugins: { house: { rules: { 'plain-english': plainEnglish.rule } } },
      rules: { 'house/plain-english': 'error' },
    })
    .map(({ line, message }) => `${String(line)}: ${message}`);

test('a mannered word in a comment is an error that says what to write, also across a line break of a docstring', () => {
  expect(
    lint('const told = "asked";\n/** The key, which\n * goes\n * by whoever. */\nexport default told; // nobody\n'),
  ).toEqual([
    '2: "whoever" in a comment; write: the client, the caller, the user',
    '2: "goes by" in a comment; write: is keyed by, depends on',
    '5: "nobody" in a comment; write: no request',
  ]);
});

test('parts of words, names, texts of the program and allowed phrases are none', () => {
  const source = `
    // A foretold "untaken" \`kept\`.
    // How a drug is taken.
    /** @param told none */
    export const kept = "told";
  `;
  expect(lint(source)).toEqual([]);
});

test('a mannered name of a value is an error that says what to write; a property of others is none', () => {
  const messages = new Linter()
    .verify('export const find = (asked) => asked.kept;\n', {
      plugins: { names: { rules: { plain: plainEnglish.nameRule } } },
      rules: { 'names/plain': 'error' },
    })
    .map(({ message }) => message);
  expect(messages).toEqual(['"asked" tells no reader what it is; write: request, query, requested…']);
});

test('a comment that begins with a question word is an error, a further line of one is none', () => {
  const source = `
    /** What a worker answers. */
    // Lines that a client sends, and
    // That follow.
    export const one = 1; // Whose it is
    /** Whatsoever. */
  `;
  const lines = new Linter()
    .verify(source, {
      plugins: { comments: { rules: { beginning: plainEnglish.beginningRule } } },
      rules: { 'comments/beginning': 'error' },
    })
    .map(({ line }) => line);
  expect(lines).toEqual([2, 5]);
});

const documents = ['.', 'docs', 'docs/decisions', 'docs/operations', 'docs/ehr', 'mappings'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);

/** Descriptions that clients and users of the command line read, and the comments beside them. */
const descriptions = ['resources', 'resources/openapi', 'resources/cli', 'resources/fhir/r4'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(folder, name)),
);

test.each([...documents, ...descriptions])('%s is in plain English', (path) => {
  expect(plainEnglish.findWordsInDocument(readFileSync(path, 'utf8'), path)).toEqual([]);
});

test('a mannered word in a document is found, in its prose only', () => {
  const markdown = 'Whoever\nasks.\n\n```sh\ntold\n```\n\nThe word `kept` is\nnot\ngiven\nto\nthem.';
  expect(plainEnglish.findWordsInDocument(markdown, 'x.md')).toEqual([
    'given to; write: returned, shown to',
    'Whoever; write: the client, the caller, the user',
  ]);
});
