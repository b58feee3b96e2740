import { foldText } from '../search/text-tokens.js';
import type { GatheredPage } from './gather-pages.js';
import { NEARER_PAGES } from './nearer-pages.js';
import { getOrAdd } from '../remember.js';

/** Names of a page in its languages, folded. */
function listNames({ article }: GatheredPage): { titles: string[]; all: Set<string> } {
  const texts = Object.values(article.texts);
  const titles = texts.map(({ title }) => foldText(title));
  return { titles, all: new Set([...titles, ...texts.flatMap(({ alsoCalled }) => alsoCalled.map(foldText))]) };
}

/** Pages found as the broader ones for a fact that a nearer page answers exactly. */
function findBroader(pages: readonly GatheredPage[]): Map<string, Set<string>> {
  const broader = new Map<string, Set<string>>();
  for (const near of pages) {
    for (const id of near.broaderPages) getOrAdd(broader, id, () => new Set()).add(near.article.id);
  }
  return broader;
}

/** Whether one page is covered by another, by way of others or at once. */
function isCoveredBy(page: GatheredPage, other: GatheredPage, covers: ReadonlyMap<string, GatheredPage>): boolean {
  let near = covers.get(page.article.id);
  for (let steps = 0; near && steps < covers.size; steps += 1) {
    if (near === other) return true;
    near = covers.get(near.article.id);
  }
  return false;
}

/** A drug's page explains how to take it: no page on anything else stands for it, nor it for another. */
const isOfDrug = ({ article: { kind } }: GatheredPage): boolean =>
  kind === 'drug' || kind === 'herb' || kind === 'label';

/**
 * One page for one thing: finds the pages that another of these makes noise. A page on the same thing under another name is
 * covered by the first one; a family's, a forerunner's or a symptom's page by the near one (`NEARER_PAGES`), and a page that
 * is the broader one for a fact by the page that answers the fact exactly.
 * @param pages in their order
 * @returns the page that covers, by the id of the one that is covered; none is covered by a page that it covers itself
 */
export function findCover(pages: readonly GatheredPage[]): Map<string, GatheredPage> {
  const others = pages.filter((page) => !isOfDrug(page));
  const byId = new Map(others.map((page) => [page.article.id, page]));
  const broader = findBroader(others);
  const covers = new Map<string, GatheredPage>();
  const seenNames = new Map<string, GatheredPage>();
  for (const page of others) {
    const { id } = page.article;
    const { titles, all } = listNames(page);
    const nearer = [...(NEARER_PAGES.get(id) ?? []), ...(broader.get(id) ?? [])].flatMap((one) => byId.get(one) ?? []);
    const twins = titles.flatMap((title) => seenNames.get(title) ?? []);
    const cover = [...nearer, ...twins].find((one) => one !== page && !isCoveredBy(one, page, covers));
    if (cover) covers.set(id, cover);
    for (const name of all) if (!seenNames.has(name)) seenNames.set(name, page);
  }
  return covers;
}
