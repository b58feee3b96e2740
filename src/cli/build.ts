import type { Config } from '../config.js';
import { buildLibraryFile } from '../library/open.js';
import type { Out } from './streams.js';

/**
 * Builds the library file and says what was built and what was left out.
 * @returns exit code: 0, or 2 where rows were left out
 */
export async function build(config: Config, finish: boolean, out: Out): Promise<number> {
  const { libraryPath } = config;
  const started = performance.now();
  const reports = await buildLibraryFile({ ...config, readOnly: false }, finish);
  const seconds = ((performance.now() - started) / 1000).toFixed(2);
  if (reports.length === 0) out.write(`${libraryPath} is up to date (${seconds} s)\n`);
  for (const { name, articles, mappings, complaints } of reports) {
    out.write(
      `${name}: ${articles} articles, ${mappings} mapping rows, ${complaints.length} left out (${seconds} s)\n`,
    );
    for (const { file, line, reason } of complaints) out.write(`  ${file}${line > 0 ? `:${line}` : ''}: ${reason}\n`);
  }
  return reports.some(({ complaints }) => complaints.length > 0) ? 2 : 0;
}
