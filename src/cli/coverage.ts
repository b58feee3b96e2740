import type { Config } from '../config/config.js';
import { command, type Streams } from './reports/command.js';
import { CodeListError, readCodeList, reportComplaints } from './reports/read-codes.js';
import { reportCoverage, type CoverageOptions } from './reports/write-coverage.js';

/**
 * Reports how well the library answers a site's codes.
 * @returns exit code: 0; 1 if the list cannot be read; 2 if rows of it were left out
 */
export const coverage = command(
  async (config: Config, path: string, options: CoverageOptions, { stdout, stderr }: Streams) => {
    const { codes, complaints } = readCodeList(path);
    const leftOut = reportComplaints(complaints, stderr);
    await reportCoverage(config, codes, options, stdout, { text: '', json: { leftOut: complaints } });
    return leftOut;
  },
  (error) => (error instanceof CodeListError ? `coverage: ${error.message}` : undefined),
);
