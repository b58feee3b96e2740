import type { Article } from './article.js';

/** Words of titles of pages about a pregnancy that was lost. */
const OF_LOSS =
  /miscarriage|stillb|\babortion\b|pregnancy loss|ectopic pregnancy|hydatidiform|aborto\b|mortinat|embarazo ectópico/i;
/** Of one that may yet go well. */
const THREATENED = /threatened|amenaza/i;
/** Words of titles of pages for those who expect a child, or have one that is new. */
const FOR_EXPECTING =
  /pregnan|childbirth|newborn|prenatal|postpartum|\bbab(y|ies)\b|infant|breastfe|\blabor\b|cesarean|twins|fetal|embaraz|\bparto\b|recién nacid|posparto|bebé|lactan|cesárea|gemelos/i;

const titlesOf = ({ texts }: Article): string[] => Object.values(texts).map(({ title }) => title);

/** Whether an article is about a lost pregnancy. */
export const isOfLoss = (article: Article): boolean =>
  titlesOf(article).some((title) => OF_LOSS.test(title) && !THREATENED.test(title));

/** Whether an article speaks to those who expect a child or have a new one. Sites' own are told by their titles as well. */
export const isForExpecting = (article: Article): boolean =>
  !isOfLoss(article) && titlesOf(article).some((title) => FOR_EXPECTING.test(title));
