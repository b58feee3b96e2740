import type { Config } from '../config/config.js';
import type { BuildReport } from '../build/build.js';
import { buildLibraryFile, createDatabase } from '../library/open.js';
import type { Streams } from './reports/streams.js';

/** Formats a layer's build report, with each row that was left out. */
export function reportText({ name, articles, mappings, complaints }: BuildReport, seconds?: string): string {
  const time = seconds === undefined ? '' : ` (${seconds} s)`;
  const lines = complaints.map(({ file, line, reason }) => `  ${file}${line > 0 ? `:${line}` : ''}: ${reason}`);
  return `${[`${name}: ${articles} articles, ${mappings} mapping rows, ${complaints.length} left out${time}`, ...lines].join('\n')}\n`;
}

/**
 * Brings the library up to date and reports what was built and left out.
 * @returns exit code: 0; 1 if rejected, nothing has changed; 2 if rows were left out
 */
export async function build(
  config: Config,
  { finish = false }: { readonly finish?: boolean },
  { stdout, stderr }: Streams,
): Promise<number> {
  if (config.libraryReadOnly) {
    stderr.write('build: rejected, nothing has changed: LIBRARY_READ_ONLY is set\n');
    return 1;
  }
  const options = { ...config, readOnly: false };
  const started = performance.now();
  const reports = await buildLibraryFile(options, finish);
  const seconds = ((performance.now() - started) / 1000).toFixed(2);
  const place = config.database ? createDatabase(options).name : config.libraryPath;
  if (reports.length === 0) stdout.write(`${place} is up to date (${seconds} s)\n`);
  for (const report of reports) stdout.write(reportText(report, seconds));
  return reports.some(({ complaints }) => complaints.length > 0) ? 2 : 0;
}
