import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { Library } from '../core/model/library.js';
import { OFFICIAL_SOURCES, type OfficialSource } from '../core/sources/official-sources.js';
import { listSourceAges, nameEdition } from '../core/sources/source-ages.js';
import { checkSources } from '../import/check-sources.js';
import { LIMITS } from '../limits.js';

/** Parts that the daily check of the sources needs. */
export interface SourceWatch {
  readonly library: Pick<Library, 'status'>;
  readonly config: Pick<Config, 'updateCheckDaily' | 'medlinePlusXmlUrl'>;
  readonly clock: () => Date;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly sources?: readonly OfficialSource[];
}

/**
 * Logs each official source whose edition in use is too old by its publisher's calendar. Where the site's configuration has it so, the publishers are
 * queried for newer editions, and these are logged too.
 */
export async function lookAtSources({
  library,
  config,
  clock,
  log,
  sources = OFFICIAL_SOURCES,
}: SourceWatch): Promise<void> {
  const today = clock().toISOString().slice(0, 10);
  const ages = listSourceAges(library.status(), today, sources);
  for (const { source, date = '' } of ages.filter(({ isLate }) => isLate)) {
    const facts = { source: source.id, edition: nameEdition(source, date), date, page: source.page };
    log.warn(facts, 'an old edition of an official source is in use: see education-connect update');
  }
  if (!config.updateCheckDaily) return;
  for (const { source, newest = '', isNewer, failure } of await checkSources(ages, config, today)) {
    if (failure !== undefined)
      log.warn({ source: source.id, reason: failure }, 'a publisher could not be asked for newer editions');
    if (isNewer)
      log.info({ source: source.id, newest }, 'a publisher has a newer edition: see education-connect update');
  }
}

/** Checks the sources now and every day. @returns what ends it */
export function watchSources(watch: SourceWatch): () => void {
  const look = async (): Promise<void> => {
    try {
      await lookAtSources(watch);
    } catch (error) {
      // The library is away, or is waited for: the next day will do.
      watch.log.warn({ reason: (error as Error).message }, 'official sources could not be checked now');
    }
  };
  void look();
  const timer = setInterval(() => void look(), LIMITS.checkSourcesEveryMs).unref();
  return () => {
    clearInterval(timer);
  };
}
