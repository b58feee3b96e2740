import { findFiscalYear, findNewestDue, type SourceAge } from '../core/sources/source-ages.js';
import type { OfficialSource } from '../core/sources/official-sources.js';
import { ImportError, type NewestFile, type PublisherAddresses } from './import-source.js';
import { probeAddress, findNewestTopics } from './read/probe-address.js';

/** The newest edition of a source beside the one in use. */
export interface SourceCheck extends SourceAge {
  /** ISO 8601 day of the newest edition; undefined if it could not be found. */
  readonly newest: string | undefined;
  /** Address of its file; undefined if it needs a licence, or follows from the publisher's calendar. */
  readonly address: string | undefined;
  readonly isNewer: boolean;
  /** Why the publisher could not be queried. */
  readonly failure: string | undefined;
}

/** The first of a source's addresses at which there is a file. @throws ImportError */
async function findFirst(addresses: readonly string[]): Promise<{ address: string; changedOn: string | undefined }> {
  let failure: unknown;
  for (const address of addresses) {
    try {
      const probe = await probeAddress(address);
      if (probe) return { address, changedOn: probe.changedOn };
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure instanceof ImportError) throw failure;
  throw new ImportError(`there is no file at ${addresses.join(' or ')}`);
}

/** The newest file of a publisher; undefined if its files need a licence, or are not looked for. @throws ImportError */
async function findNewest(
  source: OfficialSource,
  { medlinePlusXmlUrl }: PublisherAddresses,
  today: string,
): Promise<NewestFile | undefined> {
  const { find, files = [] } = source;
  if (find === 'topics') return findNewestTopics(medlinePlusXmlUrl, today);
  if (find === undefined) return undefined;
  if (find === 'fiscal-year') {
    const year = String(findFiscalYear(today));
    const { address } = await findFirst(files.map((file) => file.replaceAll('{year}', year)));
    return { address, date: findNewestDue(source, today) };
  }
  const { address, changedOn } = await findFirst(files);
  if (changedOn === undefined) throw new ImportError(`${address} states no day of its last change`);
  return { address, date: changedOn };
}

/** True if the release in use is the one of that day: an update names it so. */
const isOfDay = ({ source, release = '' }: SourceAge, day: string): boolean =>
  release === `${source.id}-${day}` || release.startsWith(`${source.id}-${day}.`);

async function checkSource(age: SourceAge, addresses: PublisherAddresses, today: string): Promise<SourceCheck> {
  const { source, date, newestDue } = age;
  try {
    const file = await findNewest(source, addresses, today);
    const newest = file?.date ?? newestDue;
    const isNewer = date === undefined ? file !== undefined : newest > date && !isOfDay(age, newest);
    return { ...age, newest, address: file?.address, isNewer, failure: undefined };
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    return { ...age, newest: undefined, address: undefined, isNewer: false, failure: error.message };
  }
}

/**
 * Queries each source's publisher for its newest file, one after the other; what needs a licence follows from the publisher's calendar. A failure is
 * that source's alone.
 * @param today ISO 8601 day
 */
export async function checkSources(
  ages: readonly SourceAge[],
  addresses: PublisherAddresses,
  today: string,
): Promise<SourceCheck[]> {
  const checks: SourceCheck[] = [];
  for (const age of ages) checks.push(await checkSource(age, addresses, today));
  return checks;
}
