import { csvLine } from '../../core/csv.js';
import type { NeededRight } from '../../protocols/identity.js';
import { describeBy } from '../../protocols/route-document.js';
import type { Handler, Route, RouteRequest } from '../../protocols/route.js';
import type { PageOptions } from '../page-context.js';
import { pageRoute } from '../pages/page-route.js';
import { NO_STORE } from '../parts/layout.js';

const describe = describeBy('reports');

/** A report for staff. */
interface Report {
  readonly path: string;
  readonly needed: NeededRight;
  /** Name of its description in resources/openapi/reports.yaml; the one of the CSV file ends in `Csv`. */
  readonly name: string;
  readonly page: Handler;
  /** Lists the lines of the CSV file, the columns first. */
  readonly list: (request: RouteRequest) => Promise<readonly (readonly (string | number)[])[]>;
}

/** Routes of a report: its page, and the same as a CSV file. */
export function reportRoutes(options: PageOptions, { path, needed, name, page, list }: Report): Route[] {
  const common = { isByRight: true, neededRights: () => [needed] } as const;
  const sendCsv: Handler = async (request) => ({
    status: 200,
    contentType: 'text/csv; charset=utf-8',
    body: (await list(request)).map(csvLine).join(''),
    headers: { ...NO_STORE, 'Content-Disposition': `attachment; filename="${path.slice(1)}.csv"` },
    facts: { outcome: 'ok' },
  });
  return [
    pageRoute(options, { ...common, path, get: page, document: describe(name) }),
    pageRoute(options, { ...common, path: `${path}.csv`, get: sendCsv, document: describe(`${name}Csv`) }),
  ];
}
