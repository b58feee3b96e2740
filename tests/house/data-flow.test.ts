import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

test('the page on data flow names every table that holds what was handed over', () => {
  const page = readFileSync('docs/operations/data-flow.md', 'utf8');
  const schemas = ['sqlite/schema', 'postgres/handed-over-schema', 'postgres/handed-over-retention-schema'];
  const tables = schemas.flatMap((name) =>
    [
      ...readFileSync(`resources/sql/${name}.sql`, 'utf8').matchAll(
        /CREATE TABLE (?:IF NOT EXISTS )?(handed_over\w*)/g,
      ),
    ].map(([, table]) => table ?? ''),
  );
  expect(new Set(tables).size).toBeGreaterThan(3);
  expect(tables.filter((table) => !page.includes(`\`${table}\``))).toEqual([]);
});
