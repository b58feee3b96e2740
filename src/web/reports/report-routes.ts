import { csvLine } from '../../core/csv.js';
import type { NeededRight } from '../../protocols/identity.js';
import { describeBy } from '../../protocols/route-document.js';
import type { Handler, Route, RouteRequest } from '../../protocols/route.js';
import type { PageContext, PageOptions } from '../page-context.js';
import { pageRoute } from '../pages/page-route.js';
import { NO_STORE } from '../parts/layout.js';

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

/** A report for staff. */
interface Report {
  readonly path: string;
  readonly needed: NeededRight;
  readonly name: string;
  readonly page: Handler;
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

/** Routes of a report: its page and its CSV files. */
export function reportRoutes(options: PageOptions, { path, needed, name, page, files }: Report): Route[] {
  const common = { isByRight: true, neededRights: () => [needed] } as const;
  return [
    pageRoute(options, { ...common, path, get: page, document: describe(name) }),
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
