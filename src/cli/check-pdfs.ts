import type { Config } from '../config/config.js';
import { csvLine } from '../core/csv.js';
import { PDF_CSV, toPdfCells, checkPdfUses, type PdfRow, type PdfUse } from '../core/keeping/pdf-report.js';
import { onConfigured } from './open-served.js';
import { CommandEnd, command, type Streams } from './reports/command.js';
import type { PdfFinding } from '../core/keeping/pdf-facts.js';
import { readDataFile } from '../core/read-data-file.js';
import { HousePdfs } from '../pdf-check/house-pdfs.js';

/**
 * Checks the PDFs of the site's folder, each as long as it takes.
 * @param list lists them with their handouts
 */
export async function checkHousePdfs(
  { localLibrary }: Pick<Config, 'localLibrary'>,
  list: (pdfs: HousePdfs) => readonly PdfUse[],
): Promise<PdfRow[]> {
  const pdfs = new HousePdfs(localLibrary);
  try {
    return await checkPdfUses(list(pdfs), (file) => pdfs.check(file, Infinity));
  } finally {
    pdfs.close();
  }
}

interface FindingTexts {
  readonly pdfCheck: { readonly findings: Readonly<Record<PdfFinding, string>> };
}

/** Formats the files with findings, a line each; empty where there are none. */
export function formatPdfFindings(rows: readonly PdfRow[]): string {
  const { pdfCheck } = readDataFile('i18n/en.json') as FindingTexts;
  const faulty = rows.filter(({ findings }) => findings.length > 0);
  const lines = faulty.map(
    ({ file, findings }) => `  handouts/${file}: ${findings.map((one) => pdfCheck.findings[one]).join('; ')}\n`,
  );
  return [`${rows.length} PDFs of handouts, ${faulty.length} with findings\n`, ...lines].join('');
}

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
  return onConfigured(config, async (library) => {
    const rows = await checkHousePdfs(config, (pdfs) => pdfs.list(library));
    if (format === 'csv') stdout.write([PDF_CSV, ...rows.map(toPdfCells)].map(csvLine).join(''));
    else stdout.write(formatPdfFindings(rows));
    return rows.some(({ findings }) => findings.length > 0) ? SOME_FAULTS : 0;
  });
});
