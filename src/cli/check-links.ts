import type { Config } from '../config/config.js';
import { Progress } from './reports/progress.js';
import { listTextAddresses, writeLinkChecks } from '../library/link-checks.js';
import { buildLibraryFile } from '../library/open.js';
import { checkLinks, type Timing } from '../link-check/check-links.js';
import { LinkReportError, openLinkReport, type CheckedText } from '../link-check/link-report.js';
import { VERDICTS, type LinkVerdict } from '../link-check/visit-page.js';
import { useProxies } from '../upstream/outbound.js';
import { CommandEnd, command, type Out, type Streams } from './reports/command.js';

export interface CheckLinksOptions {
  /** CSV file to write, and to resume from. */
  readonly report: string;
  /** Whether to apply the results to the library. */
  readonly apply?: boolean;
  /** Pause between two requests to one host, in milliseconds. */
  readonly delay: number;
  /** Maximum addresses to visit. */
  readonly limit?: number;
  /** Withdraws pages even if they are more than half. */
  readonly force?: boolean;
}

const TIMEOUT_MS = 20_000;
const MAX_HOPS = 5;
/** A page's title and first heading are within these bytes, however long its head is. */
const MAX_BYTES = 262_144;
/** If more of the pages are gone, a fault between us and the sites is more likely. */
const MOST_GONE = 0.5;

const GONE: ReadonlySet<LinkVerdict> = new Set(['gone', 'soft-404']);
const SOME_MISSING = 2;

const TIMING: Timing = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

function summary(rows: readonly CheckedText[], texts: number, path: string): string {
  const counts = VERDICTS.map((verdict) => `${rows.filter((row) => row.verdict === verdict).length} ${verdict}`);
  return `${rows.length} of ${texts} texts checked: ${counts.join(', ')}; see ${path}\n`;
}

/**
 * Applies the results to the library: reachable pages are confirmed, gone ones withdrawn. A moved page is unchanged:
 * the curator checks whether it is the same.
 * @throws CommandEnd
 */
async function apply(config: Config, rows: readonly CheckedText[], force: boolean, stdout: Out): Promise<void> {
  const known = rows.filter(({ verdict }) => verdict === 'ok' || GONE.has(verdict));
  const gone = known.filter(({ verdict }) => GONE.has(verdict));
  if (known.length === 0) throw new CommandEnd('check-links: no page could be reached: nothing has changed');
  if (gone.length > known.length * MOST_GONE && !force) {
    const withdrawal = `${gone.length} of ${known.length} pages would be withdrawn`;
    throw new CommandEnd(`check-links: rejected, nothing has changed: ${withdrawal}; --force does it anyway`);
  }
  const checks = known.map(({ article, language, url, checkedOn, verdict }) => {
    return { article, language, url, day: checkedOn, isGone: GONE.has(verdict) };
  });
  const name = await writeLinkChecks({ ...config, readOnly: false }, checks);
  stdout.write(`${name}: ${known.length - gone.length} texts confirmed, ${gone.length} withdrawn\n`);
}

/**
 * Visits the web pages of the library's articles and reports the results.
 * @returns exit code: 0; 1 if a report or a change is rejected; 2 if pages are gone or unreachable
 */
export const checkArticleLinks = command(
  async (
    config: Config,
    { report: path, apply: isApplied = false, delay: delayMs, limit, force = false }: CheckLinksOptions,
    { stdout, stderr }: Streams,
  ) => {
    const { writer, version, connectorUrl } = config;
    const options = { ...config, readOnly: config.libraryReadOnly };
    if (isApplied && options.readOnly)
      throw new CommandEnd('check-links: --apply needs a library that is not read-only');
    if (!options.readOnly) await buildLibraryFile(options);
    const texts = await listTextAddresses(options);
    const report = openLinkReport(path, texts);
    await useProxies(config.proxies);
    const progress = new Progress('check-links', stderr, TIMING.now);
    const contact = connectorUrl === undefined ? '' : `; +${connectorUrl}`;
    await checkLinks(texts, report, {
      userAgent: `education-connect/${version} (link check${contact})`,
      timeoutMs: TIMEOUT_MS,
      maxHops: MAX_HOPS,
      maxBytes: MAX_BYTES,
      delayMs,
      limit,
      timing: TIMING,
      today: () => writer.clock().toISOString().slice(0, 10),
      onStart: (addresses) => {
        progress.total(addresses);
      },
      onVisit: () => {
        progress.bytes(1);
        progress.rows(1);
      },
    });
    progress.end();
    const rows = report.rows();
    stdout.write(summary(rows, texts.length, path));
    if (isApplied) await apply(config, rows, force, stdout);
    return rows.every(({ verdict }) => verdict === 'ok' || verdict === 'moved') ? 0 : SOME_MISSING;
  },
  (error) => (error instanceof LinkReportError ? `check-links: ${error.message}` : undefined),
);
