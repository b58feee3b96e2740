import type { Article, ArticleKind, ArticleText, Publisher, Sensitivity } from '../core/article.js';
import { ARTICLE_KINDS, UNSAID, UNSAID_TEXT } from '../core/article.js';
import type { CodeSystemId } from '../core/code-systems.js';
import { codingKey } from '../core/concept.js';
import type { PathStep, Relationship } from '../core/knowledge-response.js';
import { groupBy } from '../core/group-by.js';
import type { Language } from '../core/language.js';
import { keepTopLayer, mergeFields } from '../core/layers.js';
import type { Concept, Layer, MappingRecord, ReleaseRecord } from '../core/library.js';
import type { ArticleFacts, LinkCheck, TextFacts } from '../build/source.js';
import type { ReleaseContent } from '../store/release-content.js';
import { readContent } from '../store/release-content.js';
import type { StoredRelease } from '../store/release-store.js';

/** A row that was found for one of several keys. */
export interface FoundRow {
  /** Index of the key that it was found for. */
  readonly input: number;
}

/** What rows say of each of the keys that were asked for, by the keys' texts. */
export function answersByKey<Key, Row extends FoundRow, Answer>(
  keys: readonly Key[],
  keyOf: (key: Key) => string,
  rows: readonly Row[],
  read: (rows: readonly Row[]) => readonly Answer[],
): ReadonlyMap<string, readonly Answer[]> {
  const found = groupBy(rows, ({ input }) => input);
  return new Map(keys.map((key, input) => [keyOf(key), read(found.get(input) ?? [])]));
}

/** A row of find-mappings.sql. */
export interface MappingRow extends FoundRow {
  readonly system: CodeSystemId;
  readonly code: string;
  readonly levels: number;
  readonly crossings: number;
  readonly trail: string;
  readonly layer: Layer;
  readonly article: string;
  readonly relationship: Relationship | 'none';
  readonly rank: number;
  readonly sensitivity: Sensitivity | null;
  readonly origin: string;
  readonly note: string;
}

/** A row of find-articles.sql. */
export interface ArticleRow {
  readonly id: string;
  readonly layer: Layer;
  readonly facts: string | null;
  readonly language: Language | null;
  readonly text: string | null;
}

/** The way to a row: the coding asked, each crosswalk's ends, the code of the row, without repeating a place. */
function pathOf(asked: { readonly system: CodeSystemId; readonly code: string }, row: MappingRow): PathStep[] {
  const path: PathStep[] = [{ kind: 'asked', ...asked }];
  if (row.trail === '') {
    if (row.code !== asked.code) path.push({ kind: 'ancestor', system: row.system, code: row.code });
    return path;
  }
  const ends = row.trail.split('>').slice(0, -1);
  const places = [...ends, `${row.system}|${row.code}`].map((end) => end.split('|') as [CodeSystemId, string]);
  places.forEach(([system, code], index) => {
    const last = path.at(-1);
    if (last?.system === system && last.code === code) return;
    path.push({ kind: index % 2 === 1 ? 'crosswalk' : 'ancestor', system, code });
  });
  return path;
}

/** Reads a row of find-mappings.sql as the port gives it. */
export function toMappingRecord(row: MappingRow, asked: Pick<PathStep, 'system' | 'code'>): MappingRecord {
  const { input, layer, levels, crossings, system, code, relationship, rank, origin, note } = row;
  return {
    input,
    layer,
    levels,
    crossings,
    system,
    code,
    path: pathOf({ system: asked.system, code: asked.code }, row),
    article: row.article === '' ? undefined : row.article,
    relationship,
    rank,
    sensitivity: row.sensitivity ?? undefined,
    origin,
    note,
  };
}

const NO_PUBLISHER: Publisher = { id: 'unknown', name: '', url: '', licensed: true, texts: {} };

function kindOf(id: string): ArticleKind {
  return ARTICLE_KINDS.find((kind) => id.startsWith(`${kind}-`)) ?? 'local';
}

type StoredText = ArticleText & Pick<TextFacts, 'linkCheck'>;

/** A text after the visit to its address: undefined where its page is gone, or where nothing but a visit is known of it. */
function withCheck(text: ArticleText, check: LinkCheck | undefined): ArticleText | undefined {
  if (!check) return text;
  if (text.url === '') return undefined;
  if (text.url !== check.url) return text;
  if (check.isGone) return undefined;
  return { ...text, origin: text.origin === 'recalled' ? 'confirmed' : text.origin, seenOn: check.day };
}

/** Merges the rows of one article (every layer, every language) into the article. */
export function toArticle(
  id: string,
  rows: readonly ArticleRow[],
  publishers: ReadonlyMap<string, Publisher>,
): Article {
  const facts = mergeFields<ArticleFacts>(
    rows.flatMap(({ layer, facts: json }) =>
      json === null ? [] : [{ layer, fields: JSON.parse(json) as ArticleFacts }],
    ),
  );
  const texts: Partial<Record<Language, ArticleText>> = {};
  for (const language of new Set(rows.map((row) => row.language))) {
    if (language === null) continue;
    const versions = rows.filter((row) => row.language === language && row.text !== null);
    const { linkCheck, ...merged } = mergeFields<StoredText>(
      versions.map(({ layer, text }) => ({ layer, fields: JSON.parse(text ?? '{}') as Partial<StoredText> })),
    );
    // What is of one shape is read fast: what is unsaid is there too, and what is spread comes last (decision 033).
    const text = withCheck({ language, ...UNSAID_TEXT, ...merged }, linkCheck);
    if (text) texts[language] = text;
  }
  const { publisher: publisherId = '', ...own } = facts;
  const publisher = publishers.get(publisherId) ?? NO_PUBLISHER;
  return { id, kind: kindOf(id), publisher, texts, ...UNSAID, ...own };
}

/** A row of find-concepts.sql, and of those that find the codes too. */
export interface ConceptRow {
  readonly layer: Layer;
  readonly release: string;
  readonly system: CodeSystemId;
  readonly code: string;
  readonly title: string;
  readonly parent: string | null;
  readonly billable: number | null;
  readonly active: number;
  readonly names: string;
}

function toConcept({ system, code, title, parent, billable, active, names, release }: ConceptRow): Concept {
  return {
    system,
    code,
    title,
    parent: parent ?? undefined,
    billable: billable === null ? undefined : billable === 1,
    active: active === 1,
    names: JSON.parse(names) as string[],
    release,
  };
}

/** Reads rows of find-concepts.sql as the port gives them: each code once, as its highest layer says it. */
export function toConcepts(rows: readonly ConceptRow[]): Concept[] {
  const found = new Map<string, Concept>();
  for (const row of keepTopLayer(rows)) {
    const key = codingKey(row);
    // Of two sources of one layer the later import comes first.
    if (!found.has(key)) found.set(key, toConcept(row));
  }
  return [...found.values()];
}

/** A release as the history tells it; one that never became active is none. */
export function toReleaseRecord(release: StoredRelease): ReleaseRecord[] {
  const { layer, source, name, builtOn, activatedAt, isActive } = release;
  if (activatedAt === null) return [];
  const { changes, leftAt } = readContent(release) as ReleaseContent;
  return [{ layer, source, name, builtOn, activatedAt, isActive, leftAt: isActive ? undefined : leftAt, changes }];
}
