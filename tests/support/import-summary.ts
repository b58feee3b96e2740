import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importRelease } from '../../src/cli/import.js';
import { escapeText } from '../../src/core/escape.js';
import { keptStreams } from '../cli/seeded-config.js';
import type { TestConnector } from './connector.js';

/** The summary that `importSummary` brings for the topic acne. */
export const SUMMARY = '<h3>What is acne?</h3><p>Acne is a common skin condition.</p>';

/** The institute that it names for it. */
export const INSTITUTE = 'National Institute of Arthritis and Musculoskeletal and Skin Diseases';

const TOPICS = `<?xml version="1.0" encoding="UTF-8"?>
<health-topics total="1" date-generated="11/21/2026 02:30:47">
<health-topic title="Acne" url="https://medlineplus.gov/acne.html" id="6" language="English"><full-summary>${escapeText(SUMMARY)}</full-summary><primary-institute url="https://www.niams.nih.gov">${INSTITUTE}</primary-institute></health-topic>
</health-topics>
`;

/** Imports a file of MedlinePlus's with one topic beside a running server, and waits until that has noticed it. */
export async function importSummary({ config, library }: TestConnector, folder: string): Promise<void> {
  const topics = join(folder, 'mplus_topics_2026-11-21.xml');
  writeFileSync(topics, TOPICS);
  const exit = await importRelease(config, 'medlineplus', topics, { force: true }, keptStreams().streams);
  if (exit !== 0) throw new Error(`the import of ${topics} ended with ${exit}`);
  while (!library.status().release.includes('medlineplus')) await new Promise((resolve) => setTimeout(resolve, 20));
}
