import type { ShownArticle } from '../../protocols/feed/language-links.js';
import type { Concern } from '../../core/leaflets/concerns.js';
import { isOldLeaflet } from '../../core/leaflets/leaflet.js';
import { publisherTextIn, findSummary, type Article } from '../../core/model/article.js';
import type { Handout, HandoutAddress, HandoutArticle, HandoutWords, PrintResult } from '../../handout/handout.js';
import type { FollowUp } from '../../core/handing-over/follow-up.js';
import { readNotice } from '../../handout/notice.js';
import type { HelpLine } from '../../handout/help-lines.js';
import type { AnswerFacts } from '../../protocols/route.js';
import { nameLanguage } from '../../core/model/language-links.js';
import { buildAddress, longDate } from '../parts/article-facts.js';
import { findLinkLabels } from '../link-labels.js';
import { findReaderLinks } from '../parts/language-links.js';
import { writeLeaflet } from '../leaflet/write-leaflet.js';
import { DEPARTMENT, nameSite } from '../department.js';
import type { PageContext, PageOptions } from '../page-context.js';
import { writeFollowUp } from './follow-up-paper.js';

export const HANDOUT_PATH = '/handout';
export const PDF_PATH = '/handout.pdf';
export const FILE_PATH = '/handout.html';

/** A clinician's choices for the paper. */
export interface PaperChoices {
  readonly note: string;
  readonly followUp: FollowUp;
  readonly isLarge: boolean;
  readonly hasLabel: boolean;
  /** Room for a label on each sheet, not on the first alone. */
  readonly hasLabels: boolean;
  readonly hasTeachBack: boolean;
  /** The patient's situations for which parts of drugs' leaflets come first. */
  readonly concerns: readonly Concern[];
  /** One code for all of it, for phones that reach this server. */
  readonly hasWhole: boolean;
}

/** A text that is printed in full, and the day that it is of. */
type FullText = { readonly html: string; readonly changedOn: string | undefined };

/**
 * The content adapter: an article's text where the library or the site's folder has it and it may be reprinted, with its day. A text
 * that cannot be printed among others is `by-itself`.
 */
async function findFullText(
  { article, text }: ShownArticle,
  { houseTexts }: PageOptions,
): Promise<FullText | 'by-itself' | undefined> {
  const summary = findSummary(article, text);
  return summary ? { html: summary.html, changedOn: summary.on } : houseTexts.find(text.url);
}

/** Who wrote it, with the institute that stands behind a topic. */
function describeSource({ publisher, institute }: Article, { t, language }: PageContext): string {
  const { attribution } = publisherTextIn(publisher, language);
  return institute === undefined ? attribution : `${attribution} · ${t('feed.institute', { institute })}`;
}

function describeDate(
  { reviewedOn, editionOn }: Article,
  full: FullText | undefined,
  { t, language }: PageContext,
): string {
  if (editionOn) return t('handout.editionOf', { date: longDate(editionOn, language) });
  if (reviewedOn) return t('handout.reviewedOn', { date: longDate(reviewedOn, language) });
  return full?.changedOn === undefined ? '' : t('handout.textOf', { date: longDate(full.changedOn, language) });
}

/** The notice on a drug's leaflet whose text is two years old: its maker may have changed it. */
function warnOfAge({ leaflet }: Article, { t, today }: PageContext): string {
  return leaflet && today !== undefined && isOldLeaflet(leaflet, today) ? t('handout.oldLeaflet') : '';
}

/** The publishers' rights and disclaimers, each once. */
function listRights(chosen: readonly ShownArticle[], { language, t }: PageContext): string[] {
  const publishers = new Map(chosen.map(({ article: { publisher } }) => [publisher.id, publisher]));
  const texts = [...publishers.values()].map((publisher) => publisherTextIn(publisher, language));
  return [...texts.flatMap(({ rights, disclaimer }) => [rights, disclaimer]), t('page.footer')].filter(
    (line) => line !== '',
  );
}

/** Pages on an article's subject in a further language that the patient reads, with the words around them in that language. */
function buildLinks(one: ShownArticle, paper: PageContext): HandoutAddress[] {
  const { t, language, reader } = paper;
  return findReaderLinks(one, paper).map(({ language: tag, title, url, publisher }) => {
    const name = title ?? t('page.severalLanguages', { publisher });
    const labels = findLinkLabels(title === undefined ? reader.foreignLanguage : tag);
    const plain = title === undefined ? name : `${nameLanguage(tag, language)}: ${title} (${publisher})`;
    const labelled = labels && (title === undefined ? labels.others : `${labels.read}: ${title}`);
    return {
      address: url,
      readAt: labelled === undefined ? plain : `${labelled} (${publisher})`,
      scan: t('handout.scan', { title: name }),
      inLanguage: labels && { language: labels.language, scanHint: labels.scan },
    };
  });
}

/** A handout with the request that it answers. */
export interface RequestedHandout {
  readonly handout: Handout;
  /** Articles that are to be printed by themselves. */
  readonly byThemselves: readonly ShownArticle[];
  readonly chosen: readonly ShownArticle[];
  readonly choices: PaperChoices;
  /** ISO 8601 day. */
  readonly printedOn: string;
  readonly usedIds: readonly string[];
  /** The language that the patient reads; two for a bilingual handout (`es,en`). */
  readonly handoutLanguage: string;
  /** More were requested than a handout may have. */
  readonly isCut: boolean;
  /** The page with its controls, in the clinician's language; the paper, in the patient's. */
  readonly page: PageContext;
  readonly paper: PageContext;
  readonly facts: AnswerFacts;
}

/** A handout as its page shows it. */
export interface ShownHandout extends RequestedHandout {
  /** Pages of the PDF, and what it cannot print; undefined: not known yet. */
  readonly preview: Omit<PrintResult, 'pdf'> | undefined;
}

/** A leaflet's text with its contents; of other articles their text alone. */
function arrangeText({ article }: ShownArticle, { html }: FullText, { concerns, at }: Placed, paper: PageContext) {
  return article.leaflet ? writeLeaflet(html, concerns, `leaflet-${at + 1}`, paper) : { html };
}

/** Place of an article on a handout, and the situations of its patient. */
type Placed = Pick<PaperChoices, 'concerns'> & { readonly at: number };

/** One article in its language, and whether its text has to be printed by itself. */
async function writeArticle(one: ShownArticle, placed: Placed, options: PageOptions, paper: PageContext) {
  const { t, language } = paper;
  const { article, text } = one;
  const found = await findFullText(one, options);
  const full = typeof found === 'object' ? found : undefined;
  const written: HandoutArticle = {
    title: text.title,
    language: text.language,
    kind: t(`page.kinds.${article.kind}`),
    otherLanguage:
      text.language === language ? undefined : t('page.otherLanguage', { language: t(`languages.${text.language}`) }),
    ...(full ? arrangeText(one, full, placed, paper) : { html: undefined }),
    caution: article.kind === 'drug' ? t('handout.caution') : undefined,
    links: buildLinks(one, paper),
    address: buildAddress(text, paper),
    readAt: t(full ? 'handout.readMore' : 'handout.readAt'),
    scan: t('handout.scan', { title: text.title }),
    source: describeSource(article, paper),
    dated: [describeDate(article, full, paper), warnOfAge(article, paper)].filter((part) => part !== '').join(' · '),
  };
  return { written, isByItself: found === 'by-itself' };
}

/** The words of a handout around its articles. */
function writeWords(
  chosen: readonly ShownArticle[],
  help: readonly HelpLine[],
  { hasTeachBack, printedOn }: PaperChoices & { readonly printedOn: string },
  paper: PageContext,
): HandoutWords {
  const { t, language } = paper;
  const teachBack = ['learned', 'do', 'questions'].map((name) => t(`handout.teachBackLines.${name}`));
  return {
    language,
    heading: t('handout.heading'),
    printed: t('handout.printed', { date: longDate(printedOn, language) }),
    help: { head: t('handout.helpHead'), lines: help.map((line) => t(`handout.help.${line}`)) },
    noteHead: t('handout.noteHead'),
    contentsHead: t('handout.contents'),
    scanHint: t('handout.scanHint'),
    teachBack: hasTeachBack ? { head: t('handout.teachBackHead'), lines: teachBack } : undefined,
    noticeHead: t('handout.noticeHead'),
    sources: { head: t('handout.sources'), lines: listRights(chosen, paper) },
    page: t('handout.page', { page: '{page}', pages: '{pages}' }),
  };
}

/** The address of a handout as one file. It names articles and languages alone: nothing of the patient, nor the note. */
export function buildFileAddress(
  chosen: readonly ShownArticle[],
  language: string,
  { baseUrl, carriedDepartment }: Pick<PageContext, 'baseUrl' | 'carriedDepartment'>,
): string {
  const ids = new Set(chosen.map(({ article }) => article.id));
  const department = carriedDepartment === undefined ? '' : `&${DEPARTMENT}=${carriedDepartment}`;
  return `${baseUrl}${FILE_PATH}?article=${[...ids].join()}&language=${language}${department}`;
}

/** The address of all of a handout, with the words around it in each of its languages. */
function writeWhole(
  chosen: readonly ShownArticle[],
  papers: readonly [PageContext, ...PageContext[]],
): NonNullable<Handout['whole']> {
  const [paper] = papers;
  const { foreignLanguage } = paper.reader;
  const language = foreignLanguage ?? papers.map((one) => one.language).join();
  return {
    head: papers.map(({ t }) => t('handout.wholeHead')).join(' · '),
    address: buildFileAddress(chosen, language, paper),
    readAt: paper.t('handout.wholeAt'),
    scan: paper.t('handout.wholeScan'),
  };
}

/**
 * Writes a handout in the words of the patient's language, and of a second one if it is bilingual.
 * @param chosen articles in the order of the paper, each in its language
 * @param printedOn ISO 8601 day
 * @param papers pages in each language of the handout, the patient's first
 */
export async function writeHandout(
  chosen: readonly ShownArticle[],
  choices: PaperChoices,
  printedOn: string,
  options: PageOptions,
  papers: readonly [PageContext, ...PageContext[]],
): Promise<Pick<RequestedHandout, 'handout' | 'byThemselves'>> {
  const [paper, ...others] = papers;
  const byThemselves: ShownArticle[] = [];
  const articles: HandoutArticle[] = [];
  for (const [at, one] of chosen.entries()) {
    const around = others.find(({ language }) => language === one.text.language);
    const { written, isByItself } = await writeArticle(
      one,
      { concerns: choices.concerns, at },
      options,
      around ?? paper,
    );
    articles.push(around ? { ...written, wordsLanguage: around.language } : written);
    if (isByItself) byThemselves.push(one);
  }
  const help = options.helpLines.choose(chosen.map(({ article }) => article));
  const write = (one: PageContext): HandoutWords => writeWords(chosen, help, { ...choices, printedOn }, one);
  const { note, followUp, isLarge, hasLabel, hasLabels, hasWhole } = choices;
  const handout: Handout = {
    words: [write(paper), ...others.map(write)],
    siteName: nameSite(options.siteName, paper.department?.names[paper.language]),
    note,
    followUp: writeFollowUp(followUp, papers),
    label: hasLabel || hasLabels ? { caption: paper.t('handout.nameLabel'), isOnEachPage: hasLabels } : undefined,
    articles,
    whole: hasWhole ? writeWhole(chosen, papers) : undefined,
    notice: readNotice(paper.department?.notice ?? options.languageNotice),
    isLarge,
  };
  return { handout, byThemselves };
}
