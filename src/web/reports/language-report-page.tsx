import type { ComponentChildren } from 'preact';
import { dayInZone } from '../../core/time-in-zone.js';
import {
  LANGUAGE_COLUMNS,
  LANGUAGE_CSV,
  listMonths,
  listWantedPages,
  reportLanguages,
  toLanguageCells,
  type LanguageRow,
} from '../../core/handing-over/language-report.js';
import type { HandedOverRecord, WantedPage } from '../../core/handing-over/record.js';
import { nameLanguage } from '../../core/model/language-links.js';
import type { NeededRight } from '../../protocols/identity.js';
import type { Route } from '../../protocols/route.js';
import { createPageContext, type PageContext, type PageOptions } from '../page-context.js';
import type { StaffPage } from '../sign-in/account-page.js';
import { CsvLink, ReportTable, chooseMonth, nameMonth, reportRoutes, type ReportView } from './report-routes.js';

const LANGUAGE_REPORT_PATH = '/language-report';

/** The right to the record of handed-over articles: privacy officers and administrators have it. */
const READ_RECORD: NeededRight = { type: 'Communication', rights: ['r', 's'] };

/** The page as `/account` links it. */
export const LANGUAGE_REPORT: StaffPage = {
  path: LANGUAGE_REPORT_PATH,
  title: 'languageReport.title',
  needed: READ_RECORD,
};

interface ReportOptions extends PageOptions {
  readonly record: HandedOverRecord;
}

/** Names of texts for the parts of each division, by its name. */
const PART_TEXTS = new Map<string, (part: string) => string>([
  ['language', (part) => `languageReport.inLanguage.${part}`],
  ['interpreter', (part) => `languageReport.interpreters.${part}`],
  ['teachBack', (part) => `languageReport.teachBacks.${part}`],
]);

/** A column of counts in words; the first has all handovers. */
function nameColumn(column: string, { t }: PageContext): string {
  const [, division = '', part = ''] = /^(\w+)-(.+)$/.exec(column) ?? [];
  return t(PART_TEXTS.get(division)?.(part) ?? 'languageReport.handovers');
}

const nameOf = (tag: string, { t, language }: PageContext): string =>
  tag === '' ? t('languageReport.noLanguage') : nameLanguage(tag, language);

/** A count in words: hidden, or without meaning for the row. */
function writeCount({ counts }: LanguageRow, column: string, { t, language }: PageContext) {
  if (!counts.has(column)) return '–';
  const count = counts.get(column);
  return count === undefined ? t('languageReport.hidden') : new Intl.NumberFormat(language).format(count);
}

interface RowsProps {
  readonly rows: readonly LanguageRow[];
  /** The first column. */
  readonly head: { readonly title: string; readonly write: (row: LanguageRow) => ComponentChildren };
  readonly caption: string;
  readonly page: PageContext;
}

/** Rows as cells: the first ones by what distinguishes the row, then its counts. */
function Rows({ rows, head, caption, page }: RowsProps) {
  const heads = [
    head.title,
    page.t('languageReport.language'),
    ...LANGUAGE_COLUMNS.map((one) => nameColumn(one, page)),
  ];
  const cells = rows.map((row) => [
    head.write(row),
    nameOf(row.language, page),
    ...LANGUAGE_COLUMNS.map((column) => writeCount(row, column, page)),
  ]);
  return <ReportTable caption={caption} heads={heads} rows={cells} none={page.t('languageReport.none')} />;
}

function Wanted({ wanted, page }: { wanted: readonly WantedPage[]; page: PageContext }) {
  const { t } = page;
  const rows = wanted.map(({ article, title, language, handovers }) => [
    <a href={page.href(`/article/${article}`)}>{title}</a>,
    nameOf(language, page),
    handovers,
  ]);
  const heads = [t('languageReport.article'), t('languageReport.language'), t('languageReport.handovers')];
  const [caption, hint] = [t('languageReport.wanted'), t('languageReport.wantedHint')];
  return <ReportTable caption={caption} hint={hint} none={t('languageReport.noWanted')} heads={heads} rows={rows} />;
}

interface Shown {
  readonly rows: readonly LanguageRow[];
  /** The month whose departments are listed; empty if there is none. */
  readonly month: string;
  readonly wanted: readonly WantedPage[];
}

function Report({ shown: { rows, month, wanted }, page }: { shown: Shown; page: PageContext }) {
  const { t } = page;
  const linkMonth = ({ month: one }: LanguageRow) => (
    <a href={page.href(LANGUAGE_REPORT_PATH, { month: one })}>{nameMonth(one, page)}</a>
  );
  const nameDepartment = ({ department }: LanguageRow): string => department || t('languageReport.noDepartment');
  const departments = rows.filter((row) => row.month === month && row.department !== undefined);
  return (
    <>
      <h1>{t('languageReport.title')}</h1>
      <p>{t('languageReport.lead')}</p>
      <p class="hint">{t('languageReport.hint')}</p>
      <CsvLink page={page} path={LANGUAGE_REPORT_PATH} label={t('languageReport.csv')} look="action" />
      <Rows
        rows={rows.filter(({ department }) => department === undefined)}
        head={{ title: t('languageReport.month'), write: linkMonth }}
        caption={t('languageReport.all')}
        page={page}
      />
      {departments.length === 0 ? null : (
        <Rows
          rows={departments}
          head={{ title: t('languageReport.department'), write: nameDepartment }}
          caption={t('languageReport.byDepartment', { month: nameMonth(month, page) })}
          page={page}
        />
      )}
      <Wanted wanted={wanted} page={page} />
    </>
  );
}

async function readRows({ record, timeZone }: ReportOptions, now: Date): Promise<LanguageRow[]> {
  const months = listMonths(dayInZone(now, timeZone), timeZone);
  const rows: LanguageRow[] = [];
  for await (const row of reportLanguages(record, months)) rows.push(row);
  return rows;
}

const createView =
  (options: ReportOptions): ReportView =>
  async (request) => {
    const { record, library, timeZone } = options;
    const rows = await readRows(options, request.now);
    const month = chooseMonth(rows, request);
    const page = createPageContext(options, request, { path: LANGUAGE_REPORT_PATH, query: { month } });
    const wanted = await listWantedPages(record, library, dayInZone(request.now, timeZone), timeZone);
    return { page, main: <Report shown={{ rows, month, wanted }} page={page} /> };
  };

/** `/language-report`: preferred languages against those that handouts were in, for who may read the record; also as CSV. */
export const languageReportRoutes = (options: ReportOptions): Route[] =>
  reportRoutes(options, {
    ...LANGUAGE_REPORT,
    name: 'languageReport',
    view: createView(options),
    files: [
      {
        path: LANGUAGE_REPORT_PATH,
        name: 'languageReportCsv',
        list: async ({ now }) => [LANGUAGE_CSV, ...(await readRows(options, now)).map(toLanguageCells)],
      },
    ],
  });
