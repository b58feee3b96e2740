import type { Config } from '../config/config.js';
import { reportComplaints } from './reports/complaints.js';
import { CodeListError, readCodeList } from './reports/read-codes.js';
import { reportCoverage, type CoverageOptions } from './reports/write-coverage.js';
import type { Streams } from './reports/streams.js';

/**
 * Reports how well the library answers a site's codes.
 * @returns exit code: 0; 1 if the list cannot be read; 2 if rows of it were left out
 */
export async function coverage(
  config: Config,
  path: string,
  options: CoverageOptions,
  { stdout, stderr }: Streams,
): Promise<number> {
  try {
    const { codes, complaints } = readCodeList(path);
    const leftOut = reportComplaints(complaints, stderr);
    await reportCoverage(config, codes, options, stdout, { text: '', json: { leftOut: complaints } });
    return leftOut;
  } catch (error) {
    if (!(error instanceof CodeListError)) throw error;
    stderr.write(`coverage: ${error.message}\n`);
    return 1;
  }
}
