import type { SearchHit } from '../search/search-hit.js';

/** A strength as products have it and laboratory values do not: `100 MG/ML`, `0.08 mg/actuat`. */
const PRODUCT_STRENGTH = /\d ?(?:mg|mcg|meq|unt|bau|pnu) ?\/ ?(?:[\d.]+ ?)?(?:ml|mg|actuat|hr)(?![a-z])/i;

/** Whether a line measures something as a product that is administered. */
export const isProduct = (line: string): boolean => PRODUCT_STRENGTH.test(line);

/** Whether a line ends in a volume, as a fluid's does: `LR 1 L`. */
export const isPoured = (line: string): boolean => /\d ?(?:ml|l|cc)(?: (?:iv|bolus|bag))*$/i.test(line);

/** Whether a hit is on something that is administered: a drug, a supplement, a vaccine. */
export const isProductPage = (hit: SearchHit): boolean =>
  hit.kind === 'article' &&
  (['drug', 'herb', 'vis'].includes(hit.article.kind) || /vaccin/i.test(hit.article.texts.en?.title ?? ''));
