import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importRelease } from '../../src/cli/import.js';
import { keptStreams } from '../cli/seeded-config.js';
import { buildLabel, type LabelParts } from '../import/spl/build-label.js';
import type { TestConnector } from './connector.js';

/** The set id of a label of a test. */
export const setIdOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
/** The article id of its leaflet. */
export const leafletId = (number: number): string => `label-${setIdOf(number)}`;

/** Imports labels beside a running server, and waits until that has noticed them. */
export async function importLabels(
  { config, library }: Pick<TestConnector, 'config' | 'library'>,
  folder: string,
  labels: readonly LabelParts[],
): Promise<void> {
  const place = join(folder, `labels-${labels.length}-${Date.now()}`);
  mkdirSync(place);
  for (const [at, parts] of labels.entries()) writeFileSync(join(place, `${at}.xml`), buildLabel(parts));
  const before = library.status();
  const { streams, written } = keptStreams();
  const exit = await importRelease(config, 'drug-labels', place, { force: true }, streams);
  if (exit !== 0) throw new Error(`the import of ${place} ended with ${exit}: ${written().stderr}`);
  while (library.status() === before) await new Promise((resolve) => setTimeout(resolve, 20));
}
