import { RELATIONSHIP_ORDER, type Relationship } from '../core/answer/knowledge-response.js';
import { chooseLanguage, type Language } from '../core/model/language.js';
import { normalizeCode } from '../core/codes/normalize-code.js';
import { MOST_ARTICLES_OF_CODE } from '../core/codes/terminology-index.js';
import { getOrAdd } from '../core/remember.js';
import type { ArticleFacts, LibraryRows, MappingFacts, TextFacts } from '../build/source.js';
import { isArticleId } from './read/article-id.js';
import {
  type ImportLog,
  type ImportSource,
  type InputFile,
  type RowPortions,
  ImportError,
  findNewestDay,
  findOneFile,
} from './import-source.js';
import { findNewestTopics } from './read/probe-address.js';
import { readXml, type XmlEvent } from './read/read-xml.js';
import { sanitizeSummary } from './read/sanitize-summary.js';

/** A `health-topic` element. */
interface Topic {
  readonly line: number;
  /** NLM's number of the topic in this language. */
  readonly number: string;
  readonly language: Language | undefined;
  readonly title: string;
  readonly url: string;
  readonly alsoCalled: string[];
  /** Names of the groups under which MedlinePlus lists it. */
  readonly groups: string[];
  readonly headings: { descriptor: string; isQualified: boolean }[];
  /** Addresses. */
  readonly related: string[];
  summary: string;
  institute: string | undefined;
  /** The same topic in the other language. */
  other: { readonly url: string; readonly number: string } | undefined;
}

const TOPIC = 'health-topics/health-topic';
/** `medlineplus.gov/acne.html`, `medlineplus.gov/spanish/acne.html`; `www.nlm.nih.gov/medlineplus/…` in older files. */
const TOPIC_URL =
  /^https?:\/\/(?:www\.)?(?:medlineplus\.gov|nlm\.nih\.gov\/medlineplus)\/(?:spanish\/)?([^/?#]+)\.html$/;
const GENERATED = /^(\d{2})\/(\d{2})\/(\d{4})\b/;
/** Many times the longest of NLM's summaries: a longer text is not a summary and would take long to sanitise. */
const MAX_SUMMARY_CHARS = 200_000;

function buildArticleId(url: string): string | undefined {
  const id = `topic-${TOPIC_URL.exec(url)?.[1] ?? ''}`;
  return isArticleId(id) ? id : undefined;
}

/** Creates a reader that assembles topics from a document's events: it returns a topic when its element closes. */
function createTopicReader(): (event: XmlEvent) => Topic | undefined {
  let topic: Topic | undefined;
  const open = (path: string, attributes: Readonly<Record<string, string>>, line: number): void => {
    const { id = '', title = '', url = '', language = '' } = attributes;
    if (path === TOPIC) {
      const lists = { alsoCalled: [], groups: [], headings: [], related: [] };
      const unsaid = { summary: '', institute: undefined, other: undefined };
      topic = { line, number: id, title, url, language: chooseLanguage(language), ...lists, ...unsaid };
    }
    if (!topic) return;
    if (path === `${TOPIC}/language-mapped-topic`) topic.other = { url, number: id };
    if (path === `${TOPIC}/related-topic`) topic.related.push(url);
    if (path === `${TOPIC}/mesh-heading`) topic.headings.push({ descriptor: '', isQualified: false });
    const heading = topic.headings.at(-1);
    if (!heading) return;
    if (path === `${TOPIC}/mesh-heading/descriptor`) heading.descriptor = id;
    if (path === `${TOPIC}/mesh-heading/qualifier`) heading.isQualified = true;
  };
  const addText = (path: string, text: string): void => {
    if (!topic) return;
    // See-references are cross-references in MedlinePlus's list of topics: names that people look it up by.
    if (path === `${TOPIC}/also-called` || path === `${TOPIC}/see-reference`) topic.alsoCalled.push(text.trim());
    if (path === `${TOPIC}/group`) topic.groups.push(text.trim());
    if (path === `${TOPIC}/full-summary`) topic.summary += text;
    if (path === `${TOPIC}/primary-institute`) topic.institute = text.trim();
  };
  return (event) => {
    if (event.kind === 'open') open(event.path, event.attributes, event.line);
    else if (event.kind === 'text') addText(event.path, event.text);
    else if (event.path === TOPIC) return topic;
    return undefined;
  };
}

function buildText(topic: Topic, article: string, language: Language): TextFacts {
  const { title, url, summary } = topic;
  const alsoCalled = [...new Set(topic.alsoCalled)];
  const summaryHtml = sanitizeSummary(summary, url);
  return { article, language, title, url, alsoCalled, ...(summaryHtml ? { summaryHtml } : {}), origin: 'imported' };
}

/**
 * The page's relationship to each of its MeSH descriptors: about an aspect of it, about several things including it, or
 * about it.
 */
function findHeadings({ headings }: Topic): [descriptor: string, Relationship][] {
  const plain = headings.filter(({ isQualified }) => !isQualified);
  return headings.flatMap(({ descriptor, isQualified }) => {
    const code = normalizeCode('mesh', descriptor);
    if (code === undefined) return [];
    return [[code, isQualified ? 'narrower' : plain.length > 1 ? 'broader' : 'equivalent']];
  });
}

const closeness = ({ relationship }: MappingFacts): number =>
  relationship === 'none' ? Infinity : RELATIONSHIP_ORDER[relationship];

/** Collects the articles of each MeSH descriptor: their order is known after all have been read. */
function createMeshRows() {
  const byCode = new Map<string, Map<string, MappingFacts>>();
  return {
    add: (topic: Topic, article: string): void => {
      for (const [code, relationship] of findHeadings(topic)) {
        const rows = getOrAdd(byCode, code, () => new Map<string, MappingFacts>());
        const known = rows.get(article);
        if (known && closeness(known) <= RELATIONSHIP_ORDER[relationship]) continue;
        const common = { sensitivity: undefined, origin: 'imported', note: '' };
        rows.set(article, { ...common, line: topic.line, system: 'mesh', code, article, relationship, rank: 1 });
      }
    },
    /** The rows with the closest relationship of each descriptor. */
    ranked: (): MappingFacts[] =>
      [...byCode.values()].flatMap((rows) =>
        [...rows.values()]
          .sort((a, b) => closeness(a) - closeness(b) || ((a.article ?? '') < (b.article ?? '') ? -1 : 1))
          .slice(0, MOST_ARTICLES_OF_CODE)
          .map((row, index) => ({ ...row, rank: index + 1 })),
      ),
  };
}

/**
 * Merges topics into articles: the two languages of one topic are one article, whose id is that of the English page.
 */
function createMerger(label: string, log: ImportLog) {
  const mesh = createMeshRows();
  const seen = new Set<string>();
  /** Article ids by a Spanish topic's number, as referenced by English topics. */
  const byNumber = new Map<string, string>();
  const idByUrl = new Map<string, string>();
  /** Spanish topics without a reference to an English one. */
  const alone: Topic[] = [];
  /** Spanish topics by article: their facts are used only if there is no English topic. */
  const spanish = new Map<string, Topic>();

  const buildFacts = (topic: Topic, id: string): ArticleFacts => {
    mesh.add(topic, id);
    const relatedTopics = topic.related.flatMap((url) => idByUrl.get(url) ?? buildArticleId(url) ?? []);
    const { institute, groups } = topic;
    return { id, publisher: 'nlm', relatedTopics, groups, ...(institute === undefined ? {} : { institute }) };
  };
  const accept = (topic: Topic, article: string, language: Language): Partial<LibraryRows> => {
    const key = `${article} ${language}`;
    if (seen.has(key)) {
      log.reject(label, topic.line, `${article} already exists in ${language}`);
      return {};
    }
    seen.add(key);
    idByUrl.set(topic.url, article);
    const texts = [buildText(topic, article, language)];
    if (language === 'en') return { texts, articles: [buildFacts(topic, article)] };
    spanish.set(article, topic);
    return { texts };
  };
  const add = (topic: Topic): Partial<LibraryRows> => {
    log.read(1);
    const own = buildArticleId(topic.url);
    const { language, title, other } = topic;
    const reject = (fault: string): Partial<LibraryRows> => {
      log.reject(label, topic.line, fault);
      return {};
    };
    if (own === undefined) return reject(`not a topic's address: ${topic.url}`);
    if (language === undefined || title === '') return reject('no title, or neither English nor Spanish');
    if (topic.summary.length > MAX_SUMMARY_CHARS)
      return reject(`a summary of ${topic.summary.length} characters is too long`);
    if (language === 'en') {
      if (other) byNumber.set(other.number, own);
      return accept(topic, own, language);
    }
    const english = other && buildArticleId(other.url);
    if (english !== undefined) return accept(topic, english, language);
    alone.push(topic);
    return {};
  };
  /** Rows that depend on all topics. */
  const end = (): Partial<LibraryRows> => {
    const texts = alone.flatMap((topic) => {
      const id = byNumber.get(topic.number) ?? buildArticleId(topic.url) ?? '';
      return accept(topic, id, 'es').texts ?? [];
    });
    const articles = [...spanish].filter(([id]) => !seen.has(`${id} en`)).map(([id, topic]) => buildFacts(topic, id));
    return { texts, articles, mappings: mesh.ranked() };
  };
  return { add, end };
}

/** Reports the document's own facts; its date is month, day, year. */
function reportRelease(event: XmlEvent, file: InputFile, log: ImportLog): void {
  if (event.kind !== 'open' || event.path !== 'health-topics') {
    throw new ImportError(`${file.label} is not MedlinePlus health-topic XML: its root element is ${event.name}`);
  }
  const { total = '', 'date-generated': generated = '' } = event.attributes;
  const [, month = '', day = '', year] = GENERATED.exec(generated) ?? [];
  const date = year === undefined ? findNewestDay([file]) : `${year}-${month}-${day}`;
  log.release({ version: date, date, complete: [], ...(/^\d+$/.test(total) ? { announced: Number(total) } : {}) });
}

const NAME = /^mplus_topics.*\.xml$/i;
const ROOT = /<health-topics[\s>]/;
/** The root element stands behind the declaration, and in older files behind the whole DTD. */
const MOST_BEFORE_ROOT = 65_536;

/** Whether a file begins as health-topic XML does. */
async function isTopics(file: InputFile): Promise<boolean> {
  const stream = await file.open();
  let beginning = '';
  try {
    for await (const chunk of stream) {
      beginning += (chunk as Buffer).toString('latin1');
      if (beginning.length > MOST_BEFORE_ROOT) break;
    }
  } catch {
    // A damaged file is reported by whatever reads it.
  } finally {
    stream.destroy();
  }
  return ROOT.test(beginning.slice(0, MOST_BEFORE_ROOT));
}

/** The file of topics: by the name that its publisher gives it, else by its root element. @throws ImportError */
async function findTopics(files: readonly InputFile[]): Promise<InputFile> {
  let candidates = files.filter(({ name }) => NAME.test(name));
  if (candidates.length === 0) {
    for (const file of files) if (await isTopics(file)) candidates = [...candidates, file];
  }
  const isOne = (file: InputFile): boolean => candidates.includes(file);
  return findOneFile(files, isOne, "MedlinePlus's health topics (mplus_topics_….xml)");
}

async function* readTopics(files: readonly InputFile[], log: ImportLog): RowPortions {
  const file = await findTopics(files);
  const read = createTopicReader();
  const merger = createMerger(file.label, log);
  let isFirst = true;
  for await (const events of readXml(file)) {
    for (const event of events) {
      if (isFirst) reportRelease(event, file, log);
      isFirst = false;
      const topic = read(event);
      if (topic) yield merger.add(topic);
    }
  }
  yield merger.end();
}

/**
 * MedlinePlus's health topics with their summaries in English and Spanish, other names, institutes, groups, related
 * topics and MeSH descriptors. Its links to other sites are not imported.
 * @see https://medlineplus.gov/xml.html and https://medlineplus.gov/xmldescription.html
 */
export const medlineplus: ImportSource = {
  name: 'medlineplus',
  description: 'MedlinePlus: health topics with summaries in English and Spanish (mplus_topics_2026-11-21.xml)',
  read: readTopics,
  findNewest: ({ medlinePlusXmlUrl }, today) => findNewestTopics(medlinePlusXmlUrl, today),
};
