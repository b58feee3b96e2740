import { codeSystem } from '../../core/codes/code-systems.js';
import { displayCode } from '../../core/codes/normalize-code.js';
import {
  UNANSWERED_CSV,
  toUnansweredCells,
  type UnansweredCode,
  type UnansweredCodes,
} from '../../core/evaluation/unanswered-codes.js';
import { dayInZone } from '../../core/time-in-zone.js';
import { listMonths } from '../../core/handing-over/language-report.js';
import type { HandedOverRecord } from '../../core/handing-over/record.js';
import { ALL, OTHERS, USE_CSV, reportUse, toUseCells, type UseRow } from '../../core/handing-over/use-report.js';
import { DUPLICATE_CSV, listDuplicates, toDuplicateCells } from '../../core/keeping/duplicates.js';
import { LANGUAGES } from '../../core/model/language.js';
import type { Route } from '../../protocols/route.js';
import { createPageContext, type PageContext, type PageOptions } from '../page-context.js';
import type { StaffPage } from '../sign-in/account-page.js';
import { CsvLink, ReportTable, chooseMonth, nameMonth, reportRoutes, type ReportView } from './report-routes.js';

/** The report on use as `/account` links it: for curators and administrators. */
export const USE_REPORT: StaffPage = {
  path: '/use-report',
  title: 'useReport.title',
  needed: { type: 'DocumentReference', rights: ['u'] },
};
const DUPLICATES_PATH = '/duplicate-handouts';
const UNANSWERED_PATH = '/unanswered-codes';

interface UseOptions extends PageOptions {
  /** Undefined: nothing is recorded, and use is not counted. */
  readonly record: HandedOverRecord | undefined;
  readonly unanswered: UnansweredCodes;
}

/** A count in words. */
function writeCount(count: number | undefined, { t, language }: PageContext): string {
  return count === undefined ? t('useReport.hidden') : new Intl.NumberFormat(language).format(count);
}

function NameArticle({ row: { article, title }, page }: { row: UseRow; page: PageContext }) {
  if (article === ALL) return <>{page.t('useReport.all')}</>;
  if (article === OTHERS) return <>{page.t('useReport.others')}</>;
  return <a href={page.href(`/article/${article}`)}>{title}</a>;
}

/** A month's articles, by one division. */
function MonthTable({
  rows,
  name,
  page,
}: {
  rows: readonly UseRow[];
  name: 'languages' | 'departments';
  page: PageContext;
}) {
  const { t } = page;
  const [first] = rows;
  if (!first) return null;
  const nameDepartment = (department: string): string =>
    department === OTHERS ? t('useReport.otherDepartments') : department || t('useReport.noDepartment');
  const toHead = (part: string): string => (name === 'languages' ? t(`languages.${part}`) : nameDepartment(part));
  const month = nameMonth(first.month, page);
  const caption = t(name === 'languages' ? 'useReport.byArticle' : 'useReport.byDepartment', { month });
  const heads = [t('useReport.article'), t('useReport.given'), ...[...first[name].keys()].map(toHead)];
  const cells = rows.map((row) => [
    <NameArticle row={row} page={page} />,
    writeCount(row.given, page),
    ...[...row[name].values()].map((count) => writeCount(count, page)),
  ]);
  return <ReportTable caption={caption} heads={heads} rows={cells} />;
}

/** Sums of all months; each leads to its articles. */
function Months({ rows, page }: { rows: readonly UseRow[]; page: PageContext }) {
  const { t } = page;
  const caption = t('useReport.byMonth');
  const heads = [t('useReport.month'), t('useReport.given'), ...LANGUAGES.map((one) => t(`languages.${one}`))];
  const cells = rows
    .filter(({ article }) => article === ALL)
    .map(({ month, given, languages }) => [
      <a href={page.href(USE_REPORT.path, { month })}>{nameMonth(month, page)}</a>,
      writeCount(given, page),
      ...LANGUAGES.map((one) => writeCount(languages.get(one), page)),
    ]);
  return <ReportTable caption={caption} heads={heads} rows={cells} />;
}

/** The site's own handouts that say the same twice. */
function Duplicates({ library, page }: Pick<UseOptions, 'library'> & { page: PageContext }) {
  const { t } = page;
  const found = listDuplicates(library);
  const heads = ['code', 'language', 'handouts'].map((head) => t(`useReport.${head}`));
  const cells = found.map(({ coding: { system, code }, language, handouts }) => [
    `${codeSystem(system).label} ${displayCode(system, code)}`,
    t(`languages.${language}`),
    <ul class="plain">
      {handouts.map(({ article, title }) => (
        <li lang={language}>
          <a href={page.href(`/article/${article}`)}>{title}</a>
        </li>
      ))}
    </ul>,
  ]);
  return (
    <ReportTable
      caption={t('useReport.duplicates')}
      hint={t('useReport.duplicatesHint')}
      none={t('useReport.noDuplicates')}
      file={<CsvLink page={page} path={DUPLICATES_PATH} label={t('useReport.duplicatesCsv')} />}
      heads={heads}
      rows={cells}
    />
  );
}

/** Codes that were requested and led to no page. */
function Unanswered({ codes, page }: { codes: readonly UnansweredCode[]; page: PageContext }) {
  const { t, language } = page;
  const numbers = new Intl.NumberFormat(language);
  const heads = ['code', 'name', 'requests'].map((head) => t(`useReport.${head}`));
  const cells = codes.map(({ coding: { system, code }, title, atLeast }) => [
    `${codeSystem(system).label} ${displayCode(system, code)}`,
    <span lang="en">{title}</span>,
    t('useReport.atLeast', { count: numbers.format(atLeast) }),
  ]);
  return (
    <ReportTable
      caption={t('useReport.unanswered')}
      hint={t('useReport.unansweredHint')}
      none={t('useReport.noUnanswered')}
      file={<CsvLink page={page} path={UNANSWERED_PATH} label={t('useReport.duplicatesCsv')} />}
      heads={heads}
      rows={cells}
    />
  );
}

function Use({ rows, month, page }: { rows: readonly UseRow[]; month: string; page: PageContext }) {
  const { t } = page;
  const ofMonth = rows.filter((row) => row.month === month);
  if (rows.length === 0) return <p class="notice">{t('useReport.none')}</p>;
  return (
    <>
      <CsvLink page={page} path={USE_REPORT.path} label={t('useReport.csv')} look="action" />
      <Months rows={rows} page={page} />
      <MonthTable rows={ofMonth} name="languages" page={page} />
      <MonthTable rows={ofMonth} name="departments" page={page} />
    </>
  );
}

async function readRows({ record, timeZone }: UseOptions, now: Date): Promise<UseRow[]> {
  const rows: UseRow[] = [];
  if (!record) return rows;
  for await (const row of reportUse(record, listMonths(dayInZone(now, timeZone), timeZone))) rows.push(row);
  return rows;
}

const createView =
  (options: UseOptions): ReportView =>
  async (request) => {
    const rows = await readRows(options, request.now);
    const month = chooseMonth(rows, request);
    const page = createPageContext(options, request, { path: USE_REPORT.path, query: { month } });
    const { t } = page;
    const main = (
      <>
        <h1>{t('useReport.title')}</h1>
        <p>{t('useReport.lead')}</p>
        <p class="hint">{t('useReport.hint')}</p>
        {options.record ? (
          <Use rows={rows} month={month} page={page} />
        ) : (
          <p class="notice">{t('useReport.noRecord')}</p>
        )}
        <Unanswered codes={options.unanswered.list(options.library, request.now)} page={page} />
        <Duplicates library={options.library} page={page} />
      </>
    );
    return { page, main };
  };

/** `/use-report`: what patients received, and duplicates among the site's own handouts, for curators; also as CSV. */
export const useReportRoutes = (options: UseOptions): Route[] =>
  reportRoutes(options, {
    ...USE_REPORT,
    name: 'useReport',
    view: createView(options),
    files: [
      {
        path: USE_REPORT.path,
        name: 'useReportCsv',
        list: async ({ now }) => [USE_CSV, ...(await readRows(options, now)).flatMap(toUseCells)],
      },
      {
        path: UNANSWERED_PATH,
        name: 'unansweredCsv',
        list: async ({ now }) => [
          UNANSWERED_CSV,
          ...options.unanswered.list(options.library, now).map(toUnansweredCells),
        ],
      },
      {
        path: DUPLICATES_PATH,
        name: 'duplicatesCsv',
        list: async () => [DUPLICATE_CSV, ...listDuplicates(options.library).flatMap(toDuplicateCells)],
      },
    ],
  });
