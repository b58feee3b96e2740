import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { findParts, readDisplay, readTargets } from '../../src/upstream/terminology-client.js';
import { translation } from './other-server.js';

const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that the values read of many answers add to the heap. */
function heapOf(count: number, read: (text: string) => unknown): number {
  collect();
  const before = process.memoryUsage().heapUsed;
  const kept = Array.from({ length: count }, (_, at) => read('x'.repeat(250_000) + String(at)));
  collect();
  const bytes = process.memoryUsage().heapUsed - before;
  expect(kept).toHaveLength(count);
  return bytes;
}

const answerOf = (resource: object) => findParts(JSON.parse(JSON.stringify(resource))) ?? [];
const display = (text: string) =>
  readDisplay(answerOf({ resourceType: 'Parameters', parameter: [{ name: 'display', valueString: text }] }));

test('what is kept of an answer is no larger than what is used of it', () => {
  expect(heapOf(200, display)).toBeLessThan(5_000_000);
  const padded = (text: string) => {
    const code = `${' '.repeat(text.length)}1234567890123456`;
    return readTargets(answerOf(translation(`equivalent http://snomed.info/sct|${code}`)), 'snomed-ct');
  };
  expect(heapOf(200, padded)).toBeLessThan(5_000_000);
});

test('of many targets the closest are kept, each once', () => {
  const matches = Array.from({ length: 1000 }, (_, at) => `wider ${ICD}|A${String(at).padStart(2, '0').slice(0, 2)}`);
  const targets = readTargets(answerOf(translation(...matches, `equivalent ${ICD}|J45`)), 'icd-10-cm');
  expect(targets).toHaveLength(20);
  expect(targets[0]).toEqual({ system: 'icd-10-cm', code: 'J45', relationship: 'equivalent' });
  expect(new Set(targets.map(({ code }) => code)).size).toBe(20);
});
