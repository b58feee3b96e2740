import { RequestError } from '../../core/errors.js';
import type { Desk } from './keeper-paths.js';
import { findStanding } from './list-page.js';

/** The site's own, none while the database is away: what else is measured is then wanted most. */
async function listOwn(desk: Desk): Promise<Awaited<ReturnType<Desk['list']>>> {
  try {
    return await desk.list();
  } catch (error) {
    if (error instanceof RequestError && error.code === 'library-unavailable') return [];
    throw error;
  }
}

/** Reader of the metric `handouts_review`: the site's own whose review is due, and overdue. */
export const countReviews = (desk: Desk, clock: () => Date = () => new Date()) => ({
  handouts_review: async (): Promise<(readonly [Record<string, string>, number])[]> => {
    const today = clock().toISOString().slice(0, 10);
    const standings = (await listOwn(desk)).map((item) => findStanding(item, today));
    return ['due', 'overdue'].map((standing) => [{ standing }, standings.filter((one) => one === standing).length]);
  },
});
