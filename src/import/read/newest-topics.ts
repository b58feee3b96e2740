import { ImportError, type NewestFile } from '../import-source.js';
import { probeAddress } from './probe-address.js';

/** NLM publishes a new file on most days; a gap of two weeks means a fault, or another address. */
const MOST_DAYS = 14;
const DAY_MS = 86_400_000;

/**
 * Finds MedlinePlus's newest topic file: its name contains its day, and NLM has no address for the newest one. Tries
 * today, then up to two weeks of earlier days; for each day the zip, then the plain file.
 * @param base address of the files, with or without a trailing slash
 * @param today ISO 8601 day
 * @see https://medlineplus.gov/xml.html
 * @throws ImportError if there is none, or the address cannot be reached
 */
export async function findNewestTopics(base: string, today: string): Promise<NewestFile> {
  const folder = base.replace(/(?<!\/)\/+$/, '');
  const from = Date.parse(`${today}T00:00:00Z`);
  for (let ago = 0; ago < MOST_DAYS; ago += 1) {
    const date = new Date(from - ago * DAY_MS).toISOString().slice(0, 10);
    for (const name of [`mplus_topics_compressed_${date}.zip`, `mplus_topics_${date}.xml`]) {
      const address = `${folder}/${name}`;
      if (await probeAddress(address)) return { address, date };
    }
  }
  throw new ImportError(
    `there is no topic file of the last ${MOST_DAYS} days at ${folder}: supply a file or its address`,
  );
}
