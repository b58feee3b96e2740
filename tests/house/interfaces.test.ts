import { readFileSync, readdirSync } from 'node:fs';
import type { Command } from 'commander';
import { expect, test } from '@jest/globals';
import { createProgram } from '../../src/cli/program.js';
import type { Library } from '../../src/core/model/library.js';
import { IMPORT_SOURCES } from '../../src/import/sources.js';
import { createRoutes } from '../../src/create-routes.js';
import { loadTexts } from '../../src/texts.js';
import { testConfig } from '../support/connector.js';

const OPERATIONS = readdirSync('docs/operations')
  .map((name) => readFileSync(`docs/operations/${name}`, 'utf8'))
  .join('\n');
const DOCUMENTS = `${readFileSync('README.md', 'utf8')}\n${OPERATIONS}`;
const MAPPING_NOTES = readFileSync('mappings/README.md', 'utf8');

/** Text below a heading, to the next one. */
const section = (heading: string): string => OPERATIONS.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';

interface Named {
  readonly name: string;
  readonly command: Command;
}

/** Every command by its whole name: `releases diff`. */
function commandsOf(parent: Command, prefix = ''): Named[] {
  return parent.commands.flatMap((command) => {
    const name = `${prefix}${command.name()}`;
    return [{ name, command }, ...commandsOf(command, `${name} `)];
  });
}
const COMMANDS = commandsOf(createProgram(process));

test.each(COMMANDS)('the documents show the command $name and its options', ({ name, command }) => {
  expect(DOCUMENTS).toMatch(new RegExp(`(education-connect|, \`)\\s*${name}\\b`));
  for (const { long } of command.options) expect(DOCUMENTS).toMatch(new RegExp(`${String(long)}\\b`));
});

test('the documents show no command that is not there', () => {
  const known = new Set(COMMANDS.map(({ name }) => name));
  const shown = `${DOCUMENTS}${MAPPING_NOTES}`.matchAll(/(?:`|npx )education-connect (\w[\w-]*)/g);
  expect([...new Set([...shown].map(([, name = '']) => name))].filter((name) => !known.has(name))).toEqual([]);
});

test('docs/operations/import.md has a row for each importer, and no other', () => {
  const rows = [...section('Official files').matchAll(/^\| `([a-z0-9-]+)` +\|/gm)].map(([, name = '']) => name);
  expect(rows.sort()).toEqual(IMPORT_SOURCES.map(({ name }) => name).sort());
});

test('docs/operations/reference.md lists every address that is answered, and no other', () => {
  const config = testConfig('.');
  // No route asks its library before it is asked itself.
  const library = {} as Library;
  const { routes } = createRoutes({ config, library }, loadTexts(config.resourcesDir));
  const answered = routes.map(({ path }) => path.replace(/:(\w+)/g, '{$1}'));
  const served = ['/healthz', '/readyz', '/metrics', '/handouts/', '/fhir/', '/fhir/metadata', '/openapi.json'];
  const listed = [...section('Addresses').matchAll(/`(\/[^`]*)`/g)].map(([, path = '']) => path);
  // FHIR's are listed by its CapabilityStatement, which a test of its own holds to them.
  const others = answered.filter((path) => path !== '/fhir' && !path.startsWith('/fhir/'));
  expect(listed.sort()).toEqual([...others, ...served].sort());
});
