import { fetchOutside } from '../upstream/outbound.js';
import type { NewestFile } from './import-source.js';
import { ImportError } from './import-source.js';

/** NLM writes the file anew on most days; a gap of two weeks is a fault, or another address. */
const MOST_DAYS = 14;
const DAY_MS = 86_400_000;
/** One question; the file itself is fetched without such a limit. */
const TIMEOUT_MS = 10_000;

/** Whether something is at an address. @throws ImportError where nobody answers, or what answers has a fault of its own */
async function isThere(address: string): Promise<boolean> {
  let response: Response;
  try {
    response = await fetchOutside(address, {
      method: 'HEAD',
      redirect: 'follow',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new ImportError(`${address} cannot be reached`, { cause: error });
  }
  if (response.ok || response.status === 404 || response.status === 403) return response.ok;
  throw new ImportError(`${address} answers ${response.status}`);
}

/**
 * Finds MedlinePlus's newest topic file: its name holds its day, and no address of NLM's leads to the newest one. Today is tried, then the
 * days before, two weeks at most; of each day the zip, then the plain file.
 * @param base where the files are, with or without a slash at its end
 * @param today ISO 8601 day
 * @see https://medlineplus.gov/xml.html
 * @throws ImportError where there is none, or the address cannot be reached
 */
export async function findNewestTopics(base: string, today: string): Promise<NewestFile> {
  const folder = base.replace(/\/+$/, '');
  const from = Date.parse(`${today}T00:00:00Z`);
  for (let ago = 0; ago < MOST_DAYS; ago += 1) {
    const date = new Date(from - ago * DAY_MS).toISOString().slice(0, 10);
    for (const name of [`mplus_topics_compressed_${date}.zip`, `mplus_topics_${date}.xml`]) {
      const address = `${folder}/${name}`;
      if (await isThere(address)) return { address, date };
    }
  }
  throw new ImportError(
    `there is no topic file of the last ${MOST_DAYS} days at ${folder}: name a file or an address of one`,
  );
}
