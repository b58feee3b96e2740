import { foldText } from '../text-tokens.js';
import type { GatheredPage } from './gather-pages.js';
import { NEARER_PAGES } from './neighbours.js';

/** What a page is called in the languages that it is there in, folded. */
function namesOf({ article }: GatheredPage): { titles: string[]; all: Set<string> } {
  const texts = Object.values(article.texts);
  const titles = texts.map(({ title }) => foldText(title));
  return { titles, all: new Set([...titles, ...texts.flatMap(({ alsoCalled }) => alsoCalled.map(foldText))]) };
}

/** Pages found as the broader ones for a fact that a nearer page answers exactly. */
function findBroader(pages: readonly GatheredPage[]): Map<string, Set<string>> {
  const broader = new Map<string, Set<string>>();
  for (const near of pages) {
    for (const id of near.broaderPages) broader.set(id, (broader.get(id) ?? new Set()).add(near.article.id));
  }
  return broader;
}

/**
 * One page for one thing: finds the pages that another of these makes noise. A page on the same thing under another name is
 * covered by the first one; a family's, a forerunner's or a symptom's page by the near one (`neighbours.ts`), and a page that
 * is the broader one for a fact by the page that answers the fact exactly.
 * @param pages in their order
 * @returns the page that covers, by the id of the one that is covered
 */
export function findCover(pages: readonly GatheredPage[]): Map<string, GatheredPage> {
  const byId = new Map(pages.map((page) => [page.article.id, page]));
  const broader = findBroader(pages);
  const covers = new Map<string, GatheredPage>();
  const seenNames = new Map<string, GatheredPage>();
  for (const page of pages) {
    const { id } = page.article;
    const { titles, all } = namesOf(page);
    const twin = titles.flatMap((title) => seenNames.get(title) ?? [])[0];
    const nearer = [...(NEARER_PAGES.get(id) ?? []), ...(broader.get(id) ?? [])];
    const near = nearer.flatMap((one) => byId.get(one) ?? []).find((one) => covers.get(one.article.id) !== page);
    const cover = near ?? twin;
    if (cover && cover !== page) covers.set(id, cover);
    for (const name of all) if (!seenNames.has(name)) seenNames.set(name, page);
  }
  return covers;
}
