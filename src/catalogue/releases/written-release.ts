import { codingKey } from '../../core/codes/concept.js';
import type { Crosswalk, StatedMapping } from '../../core/codes/terminology-index.js';
import { groupBy } from '../../core/group-by.js';
import type { Publisher } from '../../core/model/article.js';
import { getOrAdd } from '../../core/remember.js';
import { namesOf } from '../../core/search/text-index.js';
import type { LoggedResource, WrittenLog } from '../../store/written-log.js';
import { toTextPart, type LayeredPart, type TextPart } from '../article-parts.js';
import type { HeldRelease, ReleasePlace } from './held-release.js';
import { MappingTable } from './mapping-table.js';
import { createMemoryIndex, type NamedDocument } from './memory-index.js';
import { compareTexts, isSameList, once } from '../merge-lists.js';
import type { ReleaseFacts } from './release-facts.js';
import type { ReleaseStatement } from './release-statements.js';

const NO_PUBLISHERS: ReadonlyMap<string, Publisher> = new Map();

/** The resources that write an article. */
function groupByArticle(resources: readonly LoggedResource[]): Map<string, LoggedResource[]> {
  const groups = new Map<string, LoggedResource[]>();
  for (const resource of resources) {
    const { articles, texts } = resource.rows;
    const ids = new Set([...articles.map(({ id }) => id), ...texts.map(({ article }) => article)]);
    for (const id of ids) getOrAdd(groups, id, () => []).push(resource);
  }
  return groups;
}

/** Part of an article that written resources make, the later ones over the earlier. */
function toPart(id: string, resources: readonly LoggedResource[]): LayeredPart {
  let facts: LayeredPart['facts'];
  const texts: Record<string, TextPart> = {};
  for (const { rows } of resources) {
    for (const { id: of, ...own } of rows.articles) if (of === id) facts = { ...facts, ...own };
    for (const { article, language, ...text } of rows.texts) if (article === id) texts[language] = toTextPart(text);
  }
  return { layer: 'written', facts, texts };
}

/** Of rows for one code and article the last counts. */
function listMappings(resources: readonly LoggedResource[]): MappingTable {
  const byKey = new Map<string, StatedMapping>();
  for (const { rows } of resources)
    for (const row of rows.mappings) byKey.set(`${codingKey(row)}|${row.article ?? ''}`, row);
  return MappingTable.ofRows([...byKey.values()]);
}

const toCrosswalkRow = ({ from, to, relationship }: Crosswalk) => {
  return { ...from, targetSystem: to.system, targetCode: to.code, relationship };
};
type CrosswalkRow = ReturnType<typeof toCrosswalkRow>;

const targetKey = ({ targetSystem, targetCode }: CrosswalkRow): string => `${targetSystem}|${targetCode}`;

/** Of crosswalks between two codes the first counts. */
function listCrosswalks(resources: readonly LoggedResource[]): readonly CrosswalkRow[] {
  const rows = resources.flatMap(({ rows: { crosswalks } }) => crosswalks.map(toCrosswalkRow));
  return once(rows, (row) => `${codingKey(row)} ${targetKey(row)}`);
}

/**
 * Release of the top layer: the content that a site has written over FHIR, in memory. It is computed from the log after each write, and
 * what a write did not touch stays the same object.
 */
export class WrittenRelease implements HeldRelease {
  readonly place: ReleasePlace;
  readonly log: WrittenLog;
  readonly publishers = NO_PUBLISHERS;
  readonly parts: ReadonlyMap<string, LayeredPart>;
  readonly mappings: MappingTable;
  readonly facts: ReleaseFacts;
  readonly #writers: ReadonlyMap<string, readonly LoggedResource[]>;
  readonly #crosswalks: readonly CrosswalkRow[];
  readonly #index: ReturnType<typeof createMemoryIndex>;
  #ways: { readonly from: Map<string, CrosswalkRow[]>; readonly to: Map<string, CrosswalkRow[]> } | undefined;

  /** @param before what was served before the last writes */
  constructor(place: ReleasePlace, log: WrittenLog, before?: WrittenRelease) {
    this.place = place;
    this.log = log;
    this.#writers = groupByArticle(log.resources);
    const parts = new Map<string, LayeredPart>();
    for (const [id, resources] of this.#writers) {
      const isStill = before !== undefined && isSameList(before.#writers.get(id) ?? [], resources);
      const known = isStill ? before.parts.get(id) : undefined;
      parts.set(id, known ?? toPart(id, resources));
    }
    this.parts = parts;
    this.mappings = listMappings(log.resources);
    this.#crosswalks = listCrosswalks(log.resources);
    this.#index = createMemoryIndex(this.#listDocuments());
    const pairs = this.#crosswalks.map(({ system, targetSystem }) => ({ from: system, to: targetSystem }));
    const { length } = this.#index.documents;
    this.facts = {
      documents: length,
      conceptsFrom: length,
      concepts: {},
      crosswalks: once(pairs, ({ from, to }) => `${from} ${to}`),
    };
  }

  /** Articles with a text, then names of drugs that lead to one: as in the index of a file. */
  #listDocuments(): NamedDocument[] {
    const articles = [...this.parts].filter(([, { texts }]) => Object.keys(texts).length > 0);
    const drugs = this.mappings
      .listCodesAfter('drug-name', '', this.mappings.size)
      .filter((code) =>
        this.mappings.findRows({ system: 'drug-name', code })?.some(({ article }) => article !== undefined),
      );
    return [
      ...articles
        .sort(([a], [b]) => compareTexts(a, b))
        .map(([key, { texts }]): NamedDocument => {
          const names = () =>
            Object.entries(texts)
              .sort(([a], [b]) => compareTexts(a, b))
              .flatMap(([, { title, alsoCalled = [] }]) => namesOf(title, alsoCalled));
          return { system: null, key, names };
        }),
      ...drugs.map((key): NamedDocument => ({ system: 'drug-name', key, names: () => namesOf(key, []) })),
    ];
  }

  get #crosswalkWays() {
    this.#ways ??= { from: groupBy(this.#crosswalks, codingKey), to: groupBy(this.#crosswalks, targetKey) };
    return this.#ways;
  }

  read<Row>(name: ReleaseStatement, ...values: (string | number)[]): Row[] {
    return this.#answer(name, values.map(String), Number(values.at(-1))) as Row[];
  }

  /** @param most the last value, for statements that end with a number */
  #answer(
    name: ReleaseStatement,
    [first = '', second = '', third = '', fourth = '']: string[],
    most: number,
  ): unknown[] {
    const between = (): CrosswalkRow[] =>
      this.#crosswalks.filter((row) => row.system === first && row.targetSystem === second && row.code > third);
    switch (name) {
      case 'crosswalksFrom':
        return this.#crosswalkWays.from.get(`${first}|${second}`) ?? [];
      case 'crosswalksTo':
        return this.#crosswalkWays.to.get(`${first}|${second}`) ?? [];
      case 'crosswalkedCodesAfter': {
        const codes = new Set(between().map(({ code }) => code));
        return [...codes]
          .sort()
          .map((code) => ({ code }))
          .slice(0, most);
      }
      case 'crosswalksBetween':
        return between().filter(({ code }) => code <= fourth);
      case 'termIds':
        return this.#index.findTerm(first);
      case 'completions':
        return this.#index.findCompletions(first, most);
      case 'term':
      case 'postings':
        return this.#index.getTerm(most);
      case 'gram':
        return this.#index.findGram(first);
      case 'document':
        return this.#index.documents.slice(most, most + 1);
      default:
        // Neither concepts nor synonyms are written, and what was deleted is not reported as withdrawn.
        return [];
    }
  }

  close(): void {
    // Nothing is open.
  }
}
