import type { Texts } from '../../texts.js';
import type { Language } from '../../core/model/language.js';
import { nameLanguage } from '../../core/model/language-links.js';
import type { ChartArticle } from '../../core/charts/chart-response.js';

/** Reasons to override a card. Texts are in resources/i18n under `cdsHooks.override`. */
export const OVERRIDE_REASONS = ['already-given', 'declined', 'not-relevant-now', 'wrong-page'] as const;

/** The code system of these reasons. */
const overrideSystem = (canonicalBase: string): string => `${canonicalBase}/CodeSystem/card-override-reasons`;

export interface CardLink {
  readonly label: string;
  readonly url: string;
  readonly type: 'absolute' | 'smart';
  /** Only with `smart` (cds-resp-3). */
  readonly appContext?: string;
}

/** SNOMED CT's procedure. */
const PATIENT_EDUCATION = { system: 'http://snomed.info/sct', code: '311401005' };

export interface CardOptions {
  readonly connectorName: string;
  readonly canonicalBase: string;
  readonly texts: Texts;
}

export interface CardFacts {
  readonly uuid: string;
  /** Linked articles, none of them sensitive. */
  readonly articles: readonly Pick<ChartArticle, 'article' | 'text'>[];
  /** The language of the card; its pages are in the patient's. */
  readonly language: Language;
  /** The patient's preferred language, if we have no articles in it. */
  readonly foreignLanguage: string | undefined;
  readonly baseUrl: string;
  /** The page to choose and print on, if the EHR can launch it. */
  readonly smartLink?: { readonly url: string; readonly appContext: string } | undefined;
}

/**
 * Creates a card (CDS Hooks 2.0.1, "Card Attributes"): links, and no suggestions. The titles of its pages are all that it reveals of the
 * patient.
 */
export function toCard(facts: CardFacts, { connectorName, canonicalBase, texts }: CardOptions) {
  const { uuid, articles, language, foreignLanguage, baseUrl, smartLink } = facts;
  const t = texts(language);
  const count = articles.length;
  const links = articles.map(({ article, text }): CardLink => {
    const url = `${baseUrl}/article/${encodeURIComponent(article.id)}?lang=${text.language}`;
    return { label: text.title, url, type: 'absolute' };
  });
  const launch: CardLink[] = smartLink ? [{ label: t('cdsHooks.launch'), type: 'smart', ...smartLink }] : [];
  const languageName = foreignLanguage === undefined ? undefined : nameLanguage(foreignLanguage, language);
  return {
    uuid,
    summary: count === 1 ? t('cdsHooks.onePage') : t('cdsHooks.pages', { count }),
    ...(languageName === undefined ? {} : { detail: t('cdsHooks.foreignLanguage', { language: languageName }) }),
    indicator: 'info' as const,
    source: {
      label: connectorName,
      url: `${baseUrl}/about`,
      topic: { ...PATIENT_EDUCATION, display: t('cdsHooks.topic') },
    },
    overrideReasons: OVERRIDE_REASONS.map((code) => ({
      system: overrideSystem(canonicalBase),
      code,
      display: t(`cdsHooks.override.${code}`),
    })),
    links: [...links, ...launch],
  };
}

export type Card = ReturnType<typeof toCard>;
