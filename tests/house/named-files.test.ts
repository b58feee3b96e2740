import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** Decisions name what was there when they were taken; decisions.test.ts judges them. */
const documents = ['.', 'docs', 'docs/operations', 'docs/ehr', 'mappings'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md')
    .map((name) => join(folder, name)),
);

/** Every match of a pattern's first group, each once. */
const listNamed = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, name = '']) => name)),
];

test.each(documents)('the scripts, programs and files that %s names are there', (path) => {
  const text = readFileSync(path, 'utf8');
  const missingScripts = listNamed(text, /\bnpm run (?:-s )?([a-z0-9]+(?::[a-z0-9]+)*)/g).filter(
    (name) => scripts[name] === undefined,
  );
  const programs = listNamed(text, /\bnode ((?:bench|deploy|tools|\.ci)\/[\w./-]+\.m?js)/g);
  const suites = listNamed(text, /\b(tests\/[\w./-]+\.ts)\b/g);
  const files = listNamed(text, /`((?:src|resources|tools|deploy|bench)\/[\w./-]+\.\w+)`/g);
  const missing = [...programs, ...suites, ...files].filter((name) => !existsSync(name));
  expect([...missingScripts, ...missing]).toEqual([]);
});
