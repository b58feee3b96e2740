import type { ComponentChild, ComponentProps, VNode } from 'preact';
import { csvLine } from '../../core/csv.js';
import { describeBy } from '../../protocols/route-document.js';
import { firstValue, type Handler, type Route, type RouteRequest } from '../../protocols/route.js';
import type { PageContext, PageOptions } from '../page-context.js';
import { pageRoute } from '../pages/page-route.js';
import { DataTable } from '../parts/data-table.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import type { StaffPage } from '../sign-in/account-page.js';

const describe = describeBy('reports');

/** A CSV file of a report. */
interface ReportFile {
  /** Without `.csv`. */
  readonly path: string;
  /** Name of its description in resources/openapi/reports.yaml. */
  readonly name: string;
  /** Lists its lines, the columns first. */
  readonly list: (request: RouteRequest) => Promise<readonly (readonly (string | number)[])[]>;
}

/** Creates a report's page and its content. */
export type ReportView = (request: RouteRequest) => Promise<{ readonly page: PageContext; readonly main: VNode }>;

/** A report for staff. */
interface Report extends StaffPage {
  readonly name: string;
  readonly view: ReportView;
  readonly files: readonly ReportFile[];
}

const sendCsv =
  ({ path, list }: ReportFile): Handler =>
  async (request) => ({
    status: 200,
    contentType: 'text/csv; charset=utf-8',
    body: (await list(request)).map(csvLine).join(''),
    headers: { ...NO_STORE, 'Content-Disposition': `attachment; filename="${path.slice(1)}.csv"` },
    facts: { outcome: 'ok' },
  });

const sendPage =
  ({ title, view }: Report): Handler =>
  async (request) => {
    const { page, main } = await view(request);
    const document = { title: page.t(title), main, searched: '', offer: 'none' } as const;
    return pageResponse(page, document, { facts: { outcome: 'ok' }, headers: NO_STORE });
  };

/** Routes of a report: its page and its CSV files. */
export function reportRoutes(options: PageOptions, report: Report): Route[] {
  const { path, needed, name, files } = report;
  const common = { isByRight: true, neededRights: () => [needed] } as const;
  return [
    pageRoute(options, { ...common, path, get: sendPage(report), document: describe(name) }),
    ...files.map((file) =>
      pageRoute(options, {
        ...common,
        isForPrograms: true,
        path: `${file.path}.csv`,
        get: sendCsv(file),
        document: describe(file.name),
      }),
    ),
  ];
}

/** A month in words. @param month ISO 8601: `2026-11` */
export const nameMonth = (month: string, { language }: PageContext): string =>
  new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    new Date(`${month}-01`),
  );

/** The month of a report's page: the requested one, else the latest; empty if there is none. */
export function chooseMonth(rows: readonly { readonly month: string }[], { parameters }: RouteRequest): string {
  const chosen = firstValue(parameters, 'month');
  return (rows.find(({ month }) => month === chosen) ?? rows[0])?.month ?? '';
}

/** Link to a CSV file. @param path without `.csv` */
export function CsvLink({
  page,
  path,
  label,
  look,
}: Readonly<Record<'path' | 'label', string>> & {
  readonly page: PageContext;
  readonly look?: string;
}) {
  return (
    <p>
      <a class={look} href={`${page.basePath}${path}.csv`} download>
        {label}
      </a>
    </p>
  );
}

interface ReportTableProps extends ComponentProps<typeof DataTable> {
  readonly hint?: string;
  /** Notice in place of a table without rows. */
  readonly none?: string;
  /** Link to the table's file. */
  readonly file?: ComponentChild;
}

/** A table with its heading. */
export function ReportTable({ hint, none, file, ...table }: ReportTableProps) {
  return (
    <>
      <h2>{table.caption}</h2>
      {hint === undefined ? null : <p>{hint}</p>}
      {none !== undefined && table.rows.length === 0 ? (
        <p class="notice">{none}</p>
      ) : (
        <>
          {file}
          <DataTable {...table} />
        </>
      )}
    </>
  );
}
