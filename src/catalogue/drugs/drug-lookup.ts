import type { DrugFacts } from '../../core/drugs/drug-facts.js';
import { nameDrug } from '../../core/drugs/read-drug.js';
import type { PathStep } from '../../core/answer/knowledge-response.js';
import type { CodeSystemId } from '../../core/codes/code-systems.js';
import type { Coding, Concept, LibraryStatus, MappingRecord } from '../../core/model/library.js';
import { distanceOf } from '../../core/codes/resolve-coding.js';
import type { Crosswalk } from '../../core/codes/terminology-index.js';
import type { DrugTables, TableEntry } from './drug-tables.js';

/** Layers whose rows, however they are reached, come before the lookup tables: a site's own page wins. */
export const SITE_LAYERS: ReadonlySet<string> = new Set(['written', 'local']);
const ORIGIN = 'lookup table';
/** The note of a clinical drug that no page is about. */
const NO_PAGE = 'no page about this drug';

/** The rows of the releases, which the tables stand behind. */
export interface RowsBefore {
  /** Whether a site has rows of its own at all. */
  readonly hasSiteRows: boolean;
  /** All rows of a coding, without the tables'. */
  readonly find: (coding: Coding, input: number) => MappingRecord[];
  readonly crosswalksFrom: (coding: Coding) => readonly Crosswalk[];
}

/** The rows that a table's entry stands for. */
function toRecords(
  { pages, note }: TableEntry,
  input: number,
  way: { code: string; path: readonly PathStep[]; mustAgree: string | undefined },
): MappingRecord[] {
  const { code, path, mustAgree } = way;
  const shared = {
    input,
    system: 'rxnorm',
    code,
    layer: 'starter',
    sensitivity: undefined,
    origin: ORIGIN,
    note,
    levels: 0,
    crossings: path.length - 1,
    path,
    ...(mustAgree === undefined ? {} : { mustAgree }),
  } as const;
  if (pages.length === 0) return [{ ...shared, article: undefined, relationship: 'none', rank: 1 }];
  return pages.map(({ article, relationship }, place) => ({ ...shared, article, relationship, rank: place + 1 }));
}

/**
 * The lookup tables of drugs behind the rows of the releases: RxNorm's codes lead to pages, and packages (NDC) to RxNorm's
 * codes. A row of the code's own comes first, then the table, then what imports lead to.
 */
export class DrugLookup {
  readonly #tables: DrugTables;
  readonly #facts: DrugFacts;
  /** Systems whose tables are in use. */
  readonly systems: ReadonlySet<CodeSystemId>;

  /** @param omitted code systems that the site leaves out: their tables are left out too */
  constructor(tables: DrugTables, facts: DrugFacts, omitted: readonly CodeSystemId[]) {
    this.#tables = tables;
    this.#facts = facts;
    // Packages lead to RxNorm: without it there is no way to their pages.
    const isLeftOut = (system: CodeSystemId): boolean => omitted.includes(system) || omitted.includes('rxnorm');
    this.systems = new Set((['rxnorm', 'ndc'] as const).filter((system) => !isLeftOut(system)));
  }

  /** The tables in use, for the library's status. */
  get facts(): NonNullable<LibraryStatus['tables']> {
    return this.#tables.facts.filter(({ system }) => this.systems.has(system));
  }

  /** The rows of a drug's or a package's code, with those of the tables. @param input index of the coding */
  find({ system, code }: Coding, input: number, before: RowsBefore): MappingRecord[] {
    const held = before.find({ system, code }, input);
    if (held.some((record) => distanceOf(record) === 0 || SITE_LAYERS.has(record.layer))) return held;
    if (system === 'ndc') return held.length > 0 ? held : this.#ofPackage(code, input, before);
    return [...held, ...this.#ofDrug(code, input, held.length > 0, before)];
  }

  /** @param isFoundOtherwise an import leads to rows: then only a page, or a reason against any, comes before them */
  #ofDrug(code: string, input: number, isFoundOtherwise: boolean, before: RowsBefore): MappingRecord[] {
    const entry = this.#tables.findPages(code);
    if (!entry || (isFoundOtherwise && entry.note === NO_PAGE)) return [];
    const path = [{ kind: 'asked', system: 'rxnorm', code }] as const;
    const ofSite = this.#siteRows(code, input, before);
    if (ofSite.length === 0) return toRecords(entry, input, { code, path, mustAgree: undefined });
    return ofSite.map((row) => ({ ...row, path: [...path, { kind: 'name', system: 'drug-name', code: row.code }] }));
  }

  #ofPackage(code: string, input: number, before: RowsBefore): MappingRecord[] {
    const imported = before.crosswalksFrom({ system: 'ndc', code });
    const target = imported.find(({ to }) => to.system === 'rxnorm')?.to.code;
    // A row that the site imported for a package counts, even if it leads nowhere.
    if (imported.length > 0 && target === undefined) return [];
    const found = target === undefined ? this.#tables.findPackage(code) : { rxcui: target, isMixed: false };
    if (!found) return [];
    const { rxcui, isMixed } = found;
    const begin: PathStep[] = [
      { kind: 'asked', system: 'ndc', code },
      { kind: 'crosswalk', system: 'rxnorm', code: rxcui },
    ];
    const mustAgree = isMixed ? (this.#tables.findName(rxcui) ?? '') : undefined;
    return this.find({ system: 'rxnorm', code: rxcui }, input, before).map((row) => ({
      ...row,
      crossings: row.crossings + 1,
      path: [...begin, ...row.path.slice(1)],
      ...(mustAgree === undefined ? {} : { mustAgree }),
    }));
  }

  /** The rows of the first of the drug's names that has any, where they are the site's own. */
  #siteRows(code: string, input: number, { hasSiteRows, find }: RowsBefore): MappingRecord[] {
    if (!hasSiteRows) return [];
    for (const name of nameDrug(this.#tables.findName(code) ?? '', this.#facts)) {
      const rows = find({ system: 'drug-name', code: name }, input);
      if (rows.length > 0) return rows.filter(({ layer }) => SITE_LAYERS.has(layer));
    }
    return [];
  }

  /** The RxCUI of a package; undefined if it is not known or packages of its product hold different ingredients. */
  findDrugOfPackage(ndc: string): string | undefined {
    const found = this.systems.has('ndc') ? this.#tables.findPackage(ndc) : undefined;
    return found && !found.isMixed ? found.rxcui : undefined;
  }

  /** A drug by RxNorm's own name of it. */
  findConcept({ system, code }: Coding): Concept | undefined {
    const title = system === 'rxnorm' && this.systems.has(system) ? this.#tables.findName(code) : undefined;
    if (title === undefined) return undefined;
    const [{ date } = { date: '' }] = this.#tables.facts;
    const release = `rxnorm-${date}`;
    return { system, code, title, parent: undefined, billable: undefined, active: true, names: [], release };
  }
}
