import type { KeeperItem } from '../../core/keeping/desk.js';
import { KEEPER_STATES, findReviewStanding } from '../../core/keeping/keeper.js';
import { firstValue, type Handler, type Parameters } from '../../protocols/route.js';
import { createPageContext, type PageContext, type PageOptions } from '../page-context.js';
import { longDate } from '../parts/article-facts.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import { KEEPER_PATH, NEW_PATH, caseUrl, type Desk } from './keeper-paths.js';
import { RequestError } from '../../core/errors.js';

/** Lists of the page: what waits for a curator, each state, and all. */
const LISTS = ['waiting', 'overdue', 'due', ...KEEPER_STATES, 'all'] as const;
export type ListName = (typeof LISTS)[number];

/** Rows of a page, at most. */
const MOST_ROWS = 500;

/** How the review of an item stands; of what is not approved none is due. */
export const findStanding = ({ keeper }: KeeperItem, today: string) =>
  keeper.state === 'retired' ? 'later' : findReviewStanding(keeper.nextReview, today);

/** The items of a list, the earliest review first. @param today ISO 8601 day */
export function chooseItems(items: readonly KeeperItem[], list: ListName, today: string): KeeperItem[] {
  const isIn = (item: KeeperItem): boolean => {
    const { state } = item.keeper;
    const standing = findStanding(item, today);
    if (list === 'all') return true;
    if (list === 'due' || list === 'overdue') return standing === list;
    if (list === 'waiting') return state === 'draft' || state === 'in-review' || standing !== 'later';
    return state === list;
  };
  const day = ({ keeper }: KeeperItem): string => keeper.nextReview ?? '9999';
  return items
    .filter(isIn)
    .sort((a, b) => (day(a) === day(b) ? (a.title < b.title ? -1 : 1) : day(a) < day(b) ? -1 : 1));
}

/** The list that a request names; another name is the first one. */
export const readList = (parameters: Parameters): ListName =>
  LISTS.find((one) => one === firstValue(parameters, 'list')) ?? 'waiting';

function Row({ item, today, page }: { item: KeeperItem; today: string; page: PageContext }) {
  const { t, language } = page;
  const { keeper, origin, title } = item;
  const standing = findStanding(item, today);
  const name = <span lang={item.language}>{title}</span>;
  return (
    <tr>
      <th scope="row">
        {origin === 'written' ? <a href={page.href(caseUrl(item))}>{name}</a> : name}
        <br />
        <small>
          {[
            t(`keeper.types.${item.type}`),
            ...(item.language ? [t(`languages.${item.language}`)] : []),
            ...(origin === 'folder' ? [t('keeper.inFolder')] : []),
          ].join(' · ')}
        </small>
      </th>
      <td>{t(`keeper.states.${keeper.state}`)}</td>
      <td>{[keeper.owner, keeper.department].filter((one) => one !== undefined).join(', ')}</td>
      <td>
        {keeper.nextReview === undefined ? t('keeper.noReview') : longDate(keeper.nextReview, language)}
        {standing === 'later' ? null : (
          <>
            <br />
            <strong>{t(`keeper.lists.${standing}`)}</strong>
          </>
        )}
      </td>
    </tr>
  );
}

/** `/keeper`: the site's own handouts and mappings, with who answers for them and when they must be read again. */
export function listHandler(options: PageOptions, desk: Desk): Handler {
  return async (request) => {
    const list = readList(request.parameters);
    const page = createPageContext(options, request, { path: KEEPER_PATH, query: { list } });
    const { t } = page;
    const today = request.now.toISOString().slice(0, 10);
    const items = await desk.list();
    const rows = chooseItems(items, list, today);
    const main = (
      <>
        <h1>{t('keeper.title')}</h1>
        <p class="lead">{t('keeper.lead')}</p>
        <p class="actions">
          <a class="action action-main" href={page.href(NEW_PATH)}>
            {t('keeper.new')}
          </a>
        </p>
        <nav aria-label={t('keeper.listsLabel')}>
          <ul class="tiles">
            {LISTS.map((one) => (
              <li>
                <a href={page.href(KEEPER_PATH, { list: one })} aria-current={one === list ? 'page' : undefined}>
                  {t(`keeper.lists.${one}`)} ({chooseItems(items, one, today).length})
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <h2>{t(`keeper.lists.${list}`)}</h2>
        {rows.length === 0 ? (
          <p class="notice">{t('keeper.nothing')}</p>
        ) : (
          <div class="scroll" role="region" aria-label={t(`keeper.lists.${list}`)} tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('keeper.handout')}</th>
                  <th scope="col">{t('keeper.state')}</th>
                  <th scope="col">{t('keeper.owner')}</th>
                  <th scope="col">{t('keeper.nextReview')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.slice(0, MOST_ROWS).map((item) => (
                  <Row item={item} today={today} page={page} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        {rows.length > MOST_ROWS ? <p>{t('keeper.more', { count: rows.length - MOST_ROWS })}</p> : null}
        <p>
          <a href={`${page.basePath}${KEEPER_PATH}.atom`}>{t('keeper.feed')}</a>
          {' · '}
          <a href={`${page.basePath}${KEEPER_PATH}.json?list=${list}`}>JSON</a>
        </p>
      </>
    );
    const document = { title: t('keeper.title'), main, searched: '' };
    return pageResponse(page, document, { facts: { outcome: 'ok' }, headers: NO_STORE });
  };
}

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
export const countReviews = (desk: Desk) => ({
  handouts_review: async (): Promise<(readonly [Record<string, string>, number])[]> => {
    const today = new Date().toISOString().slice(0, 10);
    const standings = (await listOwn(desk)).map((item) => findStanding(item, today));
    return ['due', 'overdue'].map((standing) => [{ standing }, standings.filter((one) => one === standing).length]);
  },
});
