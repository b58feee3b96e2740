import { fetchOutside } from '../../upstream/outbound.js';
import { ImportError } from '../import-source.js';

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
