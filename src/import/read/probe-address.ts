import { fetchOutside } from '../../upstream/outbound.js';
import { ImportError, type NewestFile } from '../import-source.js';

/** Per request; the download of the file has no such limit. */
const TIMEOUT_MS = 10_000;
/** A server without the file, or one that hides its files. */
const ABSENT: ReadonlySet<number> = new Set([403, 404, 410]);

/** A file at an address. */
export interface Probe {
  /** ISO 8601 day of its last change; undefined if its server states none. */
  readonly changedOn: string | undefined;
}

/** Reads the day of `Last-Modified`. */
function readChangedOn(headers: Headers): string | undefined {
  const changed = new Date(headers.get('last-modified') ?? '');
  return Number.isNaN(changed.getTime()) ? undefined : changed.toISOString().slice(0, 10);
}

/** Asks, by HEAD, whether there is a file at an address; undefined if there is none. @throws ImportError if there is no response, or a server error */
export async function probeAddress(address: string): Promise<Probe | undefined> {
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
  if (response.ok) return { changedOn: readChangedOn(response.headers) };
  if (ABSENT.has(response.status)) return undefined;
  throw new ImportError(`${address} answers ${response.status}`);
}

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
