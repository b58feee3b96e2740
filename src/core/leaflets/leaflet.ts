import type { Language } from '../model/language.js';

/** Kinds of leaflets by the section of the label, in the order in which a leaflet is named. */
export const LEAFLET_KINDS = [
  'medication-guide',
  'patient-package-insert',
  'patient-information',
  'instructions-for-use',
] as const;
export type LeafletKind = (typeof LEAFLET_KINDS)[number];

/** Facts of a drug's own leaflet: the patient sections of one version of its label. */
export interface LeafletFacts {
  /** UUID of the label in lower case, the same in all its versions. */
  readonly setId: string;
  readonly version: number;
  /** ISO 8601 day of the label's text. */
  readonly effectiveOn: string;
  /** The labeler, as the label names it. */
  readonly maker: string;
  /** The label is a repackager's copy. */
  readonly isCopy: boolean;
  /** FDA has approved the drug, and the text with it; not so for monographs and unapproved drugs. */
  readonly isApproved: boolean;
  readonly kind: LeafletKind;
  /** Names of its products, each with its form: `Coumadin (tablet)`. */
  readonly products: readonly string[];
  readonly ingredients: readonly string[];
  /** FDA's routes of all products: `ORAL`; absent in imports before December 2026. */
  readonly routes?: readonly string[];
  /** Eleven digits each. */
  readonly ndcs: readonly string[];
}

/** A leaflet as it is imported and stored. */
export interface Leaflet extends LeafletFacts {
  /** Whole text as HTML, in each language that the label has. */
  readonly texts: Readonly<Partial<Record<Language, string>>>;
}

/**
 * Why a code has no leaflet: its label has no section for patients; its product is no longer sold; its products' leaflets are for several
 * forms, salts or brands; the leaflets of the drug are for another form or route, salt or strength; no label of it was imported; the site
 * suppresses them. Texts are in resources/i18n under `leaflet.none`.
 */
export type NoLeafletReason =
  | 'no-patient-section'
  | 'not-marketed'
  | 'several-products'
  | 'other-form'
  | 'other-salt'
  | 'other-strength'
  | 'not-imported'
  | 'suppressed';

/** The place of a leaflet among those of a code. */
export interface LeafletCode {
  readonly system: 'ndc' | 'rxnorm';
  readonly code: string;
  /** From 1. */
  readonly rank: number;
  /** Undefined: the code has none. */
  readonly setId: string | undefined;
  readonly maker: string;
  readonly reason: NoLeafletReason | undefined;
}

/** The leaflets of a code as the library chooses among them. */
export interface LeafletChoice {
  /** Ids of articles, the site's choice first. */
  readonly articles: readonly string[];
  /** Present if there are none. */
  readonly reason: NoLeafletReason | undefined;
}

/** Prefix of the ids of leaflets' articles, before the set id. */
export const LEAFLET_ID_PREFIX = 'label-';

/** True if an article's id is that of a drug's own leaflet. */
export const isLeafletId = (id: string): boolean => id.startsWith(LEAFLET_ID_PREFIX);

const OLD_YEARS = 2;

/** True if a leaflet's text is two years old or more. @param today ISO 8601 day */
export function isOldLeaflet({ effectiveOn }: Pick<LeafletFacts, 'effectiveOn'>, today: string): boolean {
  const year = Number(effectiveOn.slice(0, 4)) + OLD_YEARS;
  return `${year}${effectiveOn.slice(4)}` <= today.slice(0, 10);
}
