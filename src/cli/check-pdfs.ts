import type { Config } from '../config/config.js';
import { csvLine } from '../core/csv.js';
import { PDF_CSV, toPdfCells } from '../core/keeping/pdf-report.js';
import { openConfigured } from './open-served.js';
import { CommandEnd, command, type Streams } from './reports/command.js';
import { checkHousePdfs, formatPdfFindings } from './reports/pdf-findings.js';

export interface CheckPdfsOptions {
  readonly format: 'text' | 'csv';
}

const SOME_FAULTS = 2;

/**
 * Checks the PDFs of the site's folder: whether they are tagged, have a language and a title, can be read, and how hard they are to read.
 * @returns exit code: 0; 1 without a folder; 2 if there is a finding
 */
export const checkPdfs = command(async (config: Config, { format }: CheckPdfsOptions, { stdout }: Streams) => {
  if (config.localLibrary === undefined) throw new CommandEnd('check-pdfs: there is no folder: set LOCAL_LIBRARY');
  const { library } = await openConfigured(config);
  try {
    const rows = await checkHousePdfs(config, (pdfs) => pdfs.list(library));
    if (format === 'csv') stdout.write([PDF_CSV, ...rows.map(toPdfCells)].map(csvLine).join(''));
    else stdout.write(formatPdfFindings(rows));
    return rows.some(({ findings }) => findings.length > 0) ? SOME_FAULTS : 0;
  } finally {
    await library.close();
  }
});
