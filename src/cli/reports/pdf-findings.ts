import type { Config } from '../../config/config.js';
import type { PdfFinding } from '../../core/keeping/pdf-facts.js';
import { checkPdfUses, type PdfRow, type PdfUse } from '../../core/keeping/pdf-report.js';
import { readDataFile } from '../../core/read-data-file.js';
import { HousePdfs } from '../../pdf-check/house-pdfs.js';

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
