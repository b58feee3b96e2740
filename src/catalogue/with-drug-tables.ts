import type { CodeSystemId } from '../core/code-systems.js';
import type { Concept, Coding, Library, LibraryStatus, MappingRecord } from '../core/library.js';
import type { PathStep } from '../core/knowledge-response.js';
import { drugNameCandidates } from '../core/drug-name.js';
import { distanceOf } from '../core/select-rows.js';
import type { DrugTables, TableEntry } from './drug-tables.js';

/** Layers of which a row, however it is reached, comes before a table of ours: a site's own page is its own. */
const SITE_LAYERS: ReadonlySet<string> = new Set(['written', 'local']);
const ORIGIN = 'lookup table';

/** A library with some of its members replaced; the others are its own. */
function overlay<T extends object>(base: T, over: Partial<T>): T {
  return new Proxy(base, {
    get(target, name) {
      if (Object.hasOwn(over, name)) return Reflect.get(over, name) as unknown;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
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

/** The tables in one library: rows for RxNorm's codes and packages that it has none for, and RxNorm's names. */
class TableLookup {
  readonly #base: Library;
  readonly #tables: DrugTables;
  readonly #systems: ReadonlySet<CodeSystemId>;
  #told: { base: LibraryStatus; status: LibraryStatus } | undefined;

  constructor(base: Library, tables: DrugTables, omitted: readonly CodeSystemId[]) {
    this.#base = base;
    this.#tables = tables;
    // Packages lead to RxNorm: without it there is no way to their pages.
    const isLeftOut = (system: CodeSystemId): boolean => omitted.includes(system) || omitted.includes('rxnorm');
    this.#systems = new Set((['rxnorm', 'ndc'] as const).filter((system) => !isLeftOut(system)));
  }

  status(): LibraryStatus {
    const base = this.#base.status();
    if (this.#told?.base === base) return this.#told.status;
    const tables = this.#tables.facts.filter(({ system }) => this.#systems.has(system));
    const status = { ...base, tables };
    this.#told = { base, status };
    return status;
  }

  findMappings(codings: readonly Coding[]): MappingRecord[] {
    const records = this.#base.findMappings(codings);
    const asked = [...codings.entries()].filter(([, { system }]) => this.#systems.has(system));
    if (asked.length === 0) return records;
    const own = new Map<number, MappingRecord[]>();
    for (const record of records) own.set(record.input, [...(own.get(record.input) ?? []), record]);
    const added = asked.flatMap(([input, { system, code }]) => {
      const held = own.get(input) ?? [];
      if (held.some((record) => distanceOf(record) === 0 || SITE_LAYERS.has(record.layer))) return [];
      if (system === 'ndc') return held.length > 0 ? [] : this.#ofPackage(input, code);
      return this.#ofDrug(input, code, held.length > 0);
    });
    return [...records, ...added];
  }

  /** @param isFoundOtherwise an import leads to rows: then only a page, or a reason against any, comes before them */
  #ofDrug(input: number, code: string, isFoundOtherwise: boolean): MappingRecord[] {
    const entry = this.#tables.findPages(code);
    if (!entry || (isFoundOtherwise && entry.note === NO_PAGE)) return [];
    const path = [{ kind: 'asked', system: 'rxnorm', code }] as const;
    const ofSite = this.#siteRows(code);
    if (ofSite.length === 0) return toRecords(entry, input, { code, path, mustAgree: undefined });
    return ofSite.map((row) => ({
      ...row,
      input,
      path: [...path, { kind: 'name', system: 'drug-name', code: row.code }],
    }));
  }

  #ofPackage(input: number, code: string): MappingRecord[] {
    const asked = { kind: 'asked', system: 'ndc', code } as const;
    const imported = this.#base.findCrosswalks({ system: 'ndc', code }, 'from');
    const target = imported.find(({ to }) => to.system === 'rxnorm')?.to.code;
    // What an import of the site's says of a package stands, even where it leads nowhere.
    if (imported.length > 0 && target === undefined) return [];
    const found = target === undefined ? this.#tables.findPackage(code) : { rxcui: target, isMixed: false };
    if (!found) return [];
    const { rxcui, isMixed } = found;
    const path: PathStep[] = [asked, { kind: 'crosswalk', system: 'rxnorm', code: rxcui }];
    const mustAgree = isMixed ? (this.#tables.nameOf(rxcui) ?? '') : undefined;
    const rows = this.findMappings([{ system: 'rxnorm', code: rxcui }]);
    return rows.map((row) => ({
      ...row,
      input,
      crossings: row.crossings + 1,
      path: [...path, ...row.path.slice(1)],
      ...(mustAgree === undefined ? {} : { mustAgree }),
    }));
  }

  /** The rows of the first of the drug's names that has any, where they are the site's own. */
  #siteRows(code: string): MappingRecord[] {
    if (!this.#base.status().releases.some(({ layer }) => SITE_LAYERS.has(layer))) return [];
    const names = drugNameCandidates(this.#tables.nameOf(code) ?? '');
    const rows = this.#base.findMappings(names.map((name) => ({ system: 'drug-name', code: name })));
    const first = Math.min(...rows.map(({ input }) => input));
    return rows.filter(({ input, layer }) => input === first && SITE_LAYERS.has(layer));
  }

  findConcepts(codings: readonly Coding[]): Concept[] {
    const concepts = this.#base.findConcepts(codings);
    if (!this.#systems.has('rxnorm')) return concepts;
    const known = new Set(concepts.map(({ system, code }) => `${system} ${code}`));
    const added = codings.flatMap(({ system, code }) => {
      if (system !== 'rxnorm' || known.has(`${system} ${code}`)) return [];
      known.add(`${system} ${code}`);
      const title = this.#tables.nameOf(code);
      return title === undefined ? [] : [this.#toConcept(code, title)];
    });
    return [...concepts, ...added];
  }

  #toConcept(code: string, title: string): Concept {
    const [{ date } = { date: '' }] = this.#tables.facts;
    const release = `rxnorm-${date}`;
    return { system: 'rxnorm', code, title, parent: undefined, billable: undefined, active: true, names: [], release };
  }
}

/** The note of a clinical drug that no page is about. */
const NO_PAGE = 'no page about this drug';

/**
 * The library with the lookup tables of drugs behind its own rows: RxNorm's codes lead to pages, and packages (NDC) to
 * RxNorm's codes. A row of the code's own comes first, then the table, then what imports lead to.
 * @param omitted code systems that the site leaves out: their tables are left out too
 */
export function withDrugTables(
  base: Library,
  tables: DrugTables | undefined,
  omitted: readonly CodeSystemId[],
): Library {
  if (!tables) return base;
  const lookup = new TableLookup(base, tables, omitted);
  return overlay(base, {
    status: () => lookup.status(),
    findMappings: (codings) => lookup.findMappings(codings),
    findConcepts: (codings) => lookup.findConcepts(codings),
  });
}
