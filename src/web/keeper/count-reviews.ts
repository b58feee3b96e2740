import type { Desk } from './keeper-paths.js';
import { findStanding } from './list-page.js';

/** Reader of the metric `handouts_review`: the site's own whose review is due, and overdue. */
export const countReviews = (desk: Desk, clock: () => Date = () => new Date()) => ({
  handouts_review: async (): Promise<(readonly [Record<string, string>, number])[]> => {
    const today = clock().toISOString().slice(0, 10);
    const standings = (await desk.list()).map((item) => findStanding(item, today));
    return ['due', 'overdue'].map((standing) => [{ standing }, standings.filter((one) => one === standing).length]);
  },
});
