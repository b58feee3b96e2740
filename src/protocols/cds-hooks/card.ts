import { textIn } from '../../core/model/article.js';
import type { Texts, Translate } from '../../texts.js';
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

/** Maximum links to articles on one card. */
export const MOST_LINKS = 3;

/** Maximum further articles that a card names, and maximum characters of a title in its summary. */
const MOST_NAMED = 10;
const SUMMARY_TITLE_CHARS = 45;

export interface CardOptions {
  readonly connectorName: string;
  readonly canonicalBase: string;
  readonly texts: Texts;
}

type CardArticle = Pick<ChartArticle, 'article' | 'text'>;

export interface CardFacts {
  readonly uuid: string;
  /** The offered articles, none of them sensitive. The first ones are linked. */
  readonly articles: readonly CardArticle[];
  /** The language of the card; its pages are in the patient's. */
  readonly language: Language;
  /** The patient's preferred language, if we have no articles in it. */
  readonly foreignLanguage: string | undefined;
  readonly baseUrl: string;
  /** The page to choose and print on, if the EHR can launch it. */
  readonly smartLink?: { readonly url: string; readonly appContext: string } | undefined;
}

/** The title of an article in the language of the card's reader, where it has one. */
const nameArticle = ({ article, text }: CardArticle, language: Language): string =>
  (textIn(article, [language]) ?? text).title;

const cut = (title: string): string =>
  title.length <= SUMMARY_TITLE_CHARS ? title : `${title.slice(0, SUMMARY_TITLE_CHARS - 1).trimEnd()}…`;

/** Writes what the card is about, in less than 140 characters: the first two articles by name, the number of the others. */
function writeSummary(articles: readonly CardArticle[], language: Language, t: Translate): string {
  const [first = '', second = ''] = articles.slice(0, 2).map((one) => cut(nameArticle(one, language)));
  const count = articles.length - 2;
  if (count < 0) return t('cdsHooks.onePage', { title: first });
  return t(count === 0 ? 'cdsHooks.twoPages' : 'cdsHooks.pages', { first, second, count });
}

/** Characters that Markdown reads as its own. */
const MARKDOWN = /[\\`*_{}[\]()<>#+!|~&]/g;
const escapeMarkdown = (text: string): string => text.replace(MARKDOWN, (one) => `\\${one}`);

/** Writes the detail in GitHub-flavoured Markdown: the titles as links, since some EHRs show no labels of links, and what did not fit. */
function writeDetail(links: readonly CardLink[], facts: CardFacts, t: Translate): string {
  const { articles, language, foreignLanguage, smartLink } = facts;
  const lines = links.map(({ label, url }) => `- [${escapeMarkdown(label)}](${url})`);
  const further = articles.slice(MOST_LINKS);
  const named = further.slice(0, MOST_NAMED).map(({ text }) => escapeMarkdown(text.title));
  const titles = [...named, ...(further.length > named.length ? ['…'] : [])].join('; ');
  const place = smartLink ? 'moreInList' : 'moreLater';
  const more = further.length === 0 ? [] : [t(`cdsHooks.${place}`, { count: further.length, titles })];
  const languageName = foreignLanguage === undefined ? undefined : nameLanguage(foreignLanguage, language);
  const notice = languageName === undefined ? [] : [t('cdsHooks.foreignLanguage', { language: languageName })];
  return [lines.join('\n'), ...more, ...notice].join('\n\n');
}

/**
 * Builds the topic of a card: a code for its articles alone. An EHR that ties an acknowledgement to the topic keeps other cards.
 */
function buildTopic(linked: readonly CardArticle[], canonicalBase: string, t: Translate) {
  const code = linked.map(({ article }) => article.id).join('.');
  const titles = linked.map(({ text }) => text.title).join('; ');
  return { system: `${canonicalBase}/CodeSystem/card-topics`, code, display: t('cdsHooks.topic', { titles }) };
}

/**
 * Creates a card (CDS Hooks 2.0.1, "Card Attributes"): links, and no suggestions. The titles of its pages are all that it reveals of the
 * patient.
 */
export function toCard(facts: CardFacts, { connectorName, canonicalBase, texts }: CardOptions) {
  const { uuid, articles, language, baseUrl, smartLink } = facts;
  const t = texts(language);
  const linked = articles.slice(0, MOST_LINKS);
  const links = linked.map(({ article, text }): CardLink => {
    // An opened link counts as seen: the page reports the card.
    const url = `${baseUrl}/article/${encodeURIComponent(article.id)}?lang=${text.language}&card=${uuid}`;
    return { label: text.title, url, type: 'absolute' };
  });
  const launch: CardLink[] = smartLink ? [{ label: t('cdsHooks.launch'), type: 'smart', ...smartLink }] : [];
  return {
    uuid,
    summary: writeSummary(articles, language, t),
    detail: writeDetail(links, facts, t),
    indicator: 'info' as const,
    source: {
      label: connectorName,
      url: `${baseUrl}/about`,
      topic: buildTopic(linked, canonicalBase, t),
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
