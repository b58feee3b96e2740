import {
  PDF_CSV,
  checkPdfUses,
  findPdfGrade,
  toPdfCells,
  type PdfRow,
  type PdfUse,
} from '../../core/keeping/pdf-report.js';
import { handoutUrl } from '../../core/model/article.js';
import { LIMITS } from '../../limits.js';
import type { HousePdfs } from '../../pdf-check/house-pdfs.js';
import type { Route } from '../../protocols/route.js';
import { createPageContext, type PageContext, type PageOptions } from '../page-context.js';
import { DataTable } from '../parts/data-table.js';
import type { StaffPage } from '../sign-in/account-page.js';
import { CsvLink, reportRoutes, type ReportView } from './report-routes.js';

/** The report on PDFs as `/account` links it: for curators and administrators. */
export const PDF_REPORT: StaffPage = {
  path: '/pdf-report',
  title: 'pdfCheck.title',
  needed: { type: 'DocumentReference', rights: ['u'] },
};

interface PdfReportOptions extends PageOptions {
  readonly pdfs: Pick<HousePdfs, 'list' | 'check'>;
}

/** Rows of a page, at most: those with findings first. */
const MOST_ROWS = 500;

function Handout({ use: { article, title, language }, page }: { use: PdfUse; page: PageContext }) {
  if (article === undefined) return <>{page.t('pdfCheck.noHandout')}</>;
  return (
    <a href={page.href(`/article/${article}`)} lang={language}>
      {title}
    </a>
  );
}

/** The findings of a file in words. */
export function PdfFindings({ findings, page: { t } }: Pick<PdfRow, 'findings'> & { page: PageContext }) {
  if (findings.length === 0) return <>{t('pdfCheck.fine')}</>;
  return (
    <ul class="plain">
      {findings.map((finding) => (
        <li>{t(`pdfCheck.findings.${finding}`)}</li>
      ))}
    </ul>
  );
}

function Report({ rows, page }: { rows: readonly PdfRow[]; page: PageContext }) {
  const { t, basePath } = page;
  const pending = rows.filter(({ reading }) => reading === undefined).length;
  const heads = ['file', 'handout', 'language', 'pages', 'grade', 'found'].map((head) => t(`pdfCheck.${head}`));
  const sorted = [...rows].sort((a, b) => b.findings.length - a.findings.length);
  const cells = sorted.slice(0, MOST_ROWS).map((row) => {
    const { file, language, reading, findings } = row;
    return [
      <a href={`${basePath}/${handoutUrl(file)}`}>{file}</a>,
      <Handout use={row} page={page} />,
      language === undefined ? '' : t(`languages.${language}`),
      typeof reading === 'object' ? reading.pages : '',
      findPdfGrade(reading, language) ?? '',
      reading === undefined ? t('pdfCheck.checking') : <PdfFindings findings={findings} page={page} />,
    ];
  });
  return (
    <>
      <h1>{t('pdfCheck.title')}</h1>
      <p>{t('pdfCheck.lead')}</p>
      <p class="hint">{t('pdfCheck.hint')}</p>
      {pending === 0 ? null : <p class="notice">{t('pdfCheck.pending', { count: pending })}</p>}
      {rows.length === 0 ? (
        <p class="notice">{t('pdfCheck.none')}</p>
      ) : (
        <>
          <CsvLink page={page} path={PDF_REPORT.path} label={t('pdfCheck.csv')} look="action" />
          <DataTable caption={t('pdfCheck.title')} heads={heads} rows={cells} />
        </>
      )}
    </>
  );
}

/** Checks as long as a page may wait: later files are in the next answer. */
function readRows({ pdfs, library }: PdfReportOptions): Promise<PdfRow[]> {
  const end = performance.now() + LIMITS.pdfPatienceMs;
  return checkPdfUses(pdfs.list(library), (file) => pdfs.check(file, Math.max(0, end - performance.now())));
}

const createView =
  (options: PdfReportOptions): ReportView =>
  async (request) => {
    const page = createPageContext(options, request, { path: PDF_REPORT.path });
    return { page, main: <Report rows={await readRows(options)} page={page} /> };
  };

/** `/pdf-report`: the check of the PDFs of the site's folder, for curators; also as CSV. */
export const pdfReportRoutes = (options: PdfReportOptions): Route[] =>
  reportRoutes(options, {
    ...PDF_REPORT,
    name: 'pdfReport',
    view: createView(options),
    files: [
      {
        path: PDF_REPORT.path,
        name: 'pdfReportCsv',
        list: async () => [PDF_CSV, ...(await readRows(options)).map(toPdfCells)],
      },
    ],
  });
