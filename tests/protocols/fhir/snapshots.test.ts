import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { ElementDefinition, StructureDefinition } from '@medplum/fhirtypes';
import { format } from 'prettier';
import { fhirComplaints } from '../../support/fhir-schema.js';
import { invariantComplaints } from '../../support/fhir-invariants.js';
import { snapshotOf } from '../../support/fhir-snapshot.js';

const FOLDER = new URL('../../../resources/fhir/', import.meta.url);
const files = readdirSync(FOLDER).filter((file) => file.startsWith('StructureDefinition-'));

const read = (file: string): StructureDefinition =>
  JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as StructureDefinition;

/** `GOLDEN_UPDATE=1` writes the snapshots anew after a differential was changed; the diff is for reading. */
async function update(file: string): Promise<void> {
  const { snapshot: _, differential, ...rest } = read(file);
  const element = snapshotOf(read(file));
  const text = JSON.stringify({ ...rest, snapshot: { element }, differential });
  writeFileSync(new URL(file, FOLDER), await format(text, { parser: 'json', printWidth: 120 }));
}

const elementOf = (file: string, id: string): ElementDefinition | undefined =>
  read(file).snapshot?.element.find((one) => one.id === id);

describe.each(files)('%s', (file) => {
  test('its snapshot is R4’s elements as its differential changes them', async () => {
    if (process.env.GOLDEN_UPDATE === '1') await update(file);
    expect(read(file).snapshot?.element).toEqual(snapshotOf(read(file)));
  });

  test('it is valid, each element of it', () => {
    // Unlike the answers of other tests, its long lists are looked at whole.
    const text = readFileSync(new URL(file, FOLDER), 'utf8').replaceAll('{{canonicalBase}}', 'http://example.org/fhir');
    const definition = JSON.parse(text) as StructureDefinition;
    expect([...fhirComplaints(definition), ...invariantComplaints(definition)]).toEqual([]);
    const ids = definition.snapshot?.element.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids?.length);
  });
});

test('slices, elements of types and what R4 has stand together', () => {
  const article = 'StructureDefinition-education-article.json';
  expect(elementOf(article, 'DocumentReference.subject')?.max).toBe('0');
  expect(elementOf(article, 'DocumentReference.content.attachment.url')).toMatchObject({
    path: 'DocumentReference.content.attachment.url',
    base: { path: 'Attachment.url' },
    min: 1,
    type: [{ code: 'url' }],
  });
  expect(elementOf(article, 'DocumentReference.extension:audience')).toMatchObject({
    path: 'DocumentReference.extension',
    sliceName: 'audience',
  });
  expect(elementOf('StructureDefinition-explained-input.json', 'Extension.extension:position.url')).toMatchObject({
    path: 'Extension.extension.url',
    fixedUri: 'position',
    min: 1,
  });
});
