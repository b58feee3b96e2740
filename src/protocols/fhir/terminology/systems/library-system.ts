import { setImmediate } from 'node:timers/promises';
import type { CodeSystem } from '@medplum/fhirtypes';
import { findAncestors, isBeginning, truncate } from '../../../../core/codes/code-hierarchy.js';
import { NAMED_FOR_LOOKUPS, codeSystem, type CodeSystemId } from '../../../../core/codes/code-systems.js';
import type { Coding, Concept } from '../../../../core/codes/concept.js';
import { RequestError } from '../../../../core/errors.js';
import type { Library } from '../../../../core/model/library.js';
import { normalizeCode } from '../../../../core/codes/normalize-code.js';
import { createNamelessConcept, type TermConcept, type TermSystem } from './term-system.js';

/** Concepts read from the library at once: some milliseconds of the process. */
const PAGE = 500;
/** Queries for what is right below a code that run without a pause: some milliseconds of the process. */
const STEPS_A_TURN = 100;
/** A system of more concepts is not read whole to be looked through. */
export const MOST_CONCEPTS = 200_000;
/** The codes below one code that are collected at most. */
const MOST_BELOW = 100_000;

/** Systems whose publishers offer them as files that the command of their name reads. */
const IMPORTABLE = new Set<CodeSystemId>(['icd-10-cm', 'icd-9-cm', 'snomed-ct', 'loinc', 'rxnorm', 'ndc', 'cvx']);

export function toTermConcept({ system, code, title, parent, billable, active, names }: Concept): TermConcept {
  const above = parent ?? truncate({ system, code });
  return {
    code,
    display: title,
    inactive: !active,
    designations: names.map((value) => ({ language: 'en', value })),
    properties: [
      ...(above === undefined ? [] : [{ code: 'parent', valueCode: above }]),
      ...(billable === undefined ? [] : [{ code: 'billable', valueBoolean: billable }]),
      { code: 'inactive', valueBoolean: !active },
    ],
    parents: above === undefined ? [] : [above],
  };
}

/** A code system as the library describes it. */
export class LibrarySystem implements TermSystem {
  readonly header: CodeSystem;
  readonly url: string;
  readonly version: string | undefined;
  readonly isComplete: boolean;
  readonly holdsOneName: boolean;
  readonly remedy: string | undefined;
  readonly #library: Library;
  readonly #id: CodeSystemId;
  readonly #readAll: () => Promise<readonly TermConcept[]>;

  /**
   * @param header the resource that describes what of the system is held; one object for each release of the library
   * @param readAll returns all its concepts, by code
   */
  constructor(library: Library, header: CodeSystem, id: CodeSystemId, readAll: () => Promise<readonly TermConcept[]>) {
    this.#library = library;
    this.#id = id;
    this.#readAll = readAll;
    this.header = header;
    this.url = codeSystem(id).uri;
    this.version = header.version;
    this.isComplete = header.content === 'complete';
    this.holdsOneName = !this.isComplete && NAMED_FOR_LOOKUPS.has(id);
    this.remedy = IMPORTABLE.has(id) ? `education-connect import ${id}` : undefined;
  }

  readonly assume = (code: string): TermConcept | undefined => {
    const normalized = this.isComplete ? undefined : normalizeCode(this.#id, code);
    return normalized === undefined ? undefined : this.#nameless(normalized);
  };

  readonly normalize = (code: string): string | undefined =>
    // Chapters and blocks are no codes that a patient's record carries, but they are concepts.
    normalizeCode(this.#id, code) ?? (/^[\w.-]{1,64}$/.test(code.trim()) ? code.trim().toUpperCase() : undefined);

  readonly find = (code: string): TermConcept | undefined => {
    const normalized = this.normalize(code);
    return normalized === undefined ? undefined : this.findEach([normalized]).get(normalized);
  };

  readonly findEach = (codes: readonly string[]): ReadonlyMap<string, TermConcept> => {
    const codings = codes.map((code) => ({ system: this.#id, code: this.normalize(code) ?? code }));
    const concepts = this.#library.findConcepts(codings).map(toTermConcept);
    const found = new Map(concepts.map((concept) => [concept.code, concept]));
    if (this.isComplete) return found;
    const unnamed = codings.filter((coding) => !found.has(coding.code));
    for (const code of this.#mapped(unnamed)) found.set(code, this.#nameless(code));
    return found;
  };

  /** Of codes without a name, those that the library maps, across to another system too: they are in the fragment that it holds. */
  #mapped(codings: readonly Coding[]): Set<string> {
    if (codings.length === 0) return new Set();
    const rows = this.#library.findMappings(codings);
    return new Set(rows.flatMap(({ levels, path }) => (levels === 0 ? (path[0]?.code ?? []) : [])));
  }

  /** A package (NDC) by RxNorm's name of the drug in it, where all its rows are of that one drug. */
  readonly borrowName = (concept: TermConcept): TermConcept | undefined => {
    if (this.#id !== 'ndc') return undefined;
    const rows = this.#library.findMappings([{ system: this.#id, code: concept.code }]);
    const drugs = new Set(
      rows.map(({ path: [, step], mustAgree }) =>
        step?.kind === 'crosswalk' && step.system === 'rxnorm' && mustAgree === undefined ? step.code : undefined,
      ),
    );
    const [code] = drugs;
    if (code === undefined || drugs.size > 1) return undefined;
    const display = this.#library.findConcepts([{ system: 'rxnorm', code }])[0]?.title;
    if (display === undefined) return undefined;
    const valueCoding = { system: codeSystem('rxnorm').uri, code, display };
    return { ...concept, display, properties: [...concept.properties, { code: 'rxnorm', valueCoding }] };
  };

  #nameless(code: string): TermConcept {
    return createNamelessConcept(code, truncate({ system: this.#id, code }));
  }

  readonly ancestors = (code: string): readonly string[] => {
    const coding = { system: this.#id, code: this.normalize(code) ?? code };
    return findAncestors(coding, this.#library).map((ancestor) => ancestor.code);
  };

  readonly children = (code: string): readonly TermConcept[] =>
    this.#library.findChildren({ system: this.#id, code }).map(toTermConcept);

  readonly descendants = async (code: string): Promise<readonly TermConcept[]> => {
    const found = new Map<string, TermConcept>();
    const queue = [code];
    let steps = 0;
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      // Others come in between: each step is a question to the library.
      if (++steps % STEPS_A_TURN === 0) await setImmediate();
      const isWhole = isBeginning({ system: this.#id, code: at });
      for (const concept of isWhole ? await this.#prefixed(at) : this.children(at)) {
        if (found.has(concept.code) || concept.code === code) continue;
        found.set(concept.code, concept);
        if (!isWhole) queue.push(concept.code);
      }
      if (found.size > MOST_BELOW) throw new RequestError('too-costly', { most: MOST_BELOW, unit: 'codes' });
    }
    return [...found.values()];
  };

  /** The codes that begin with a code: their parents need not be described. */
  async #prefixed(code: string): Promise<TermConcept[]> {
    const found: TermConcept[] = [];
    for (let after = code; ;) {
      const page = this.#library.listConcepts(this.#id, after, PAGE);
      const below = page.filter((concept) => concept.code.startsWith(code));
      found.push(...below.map(toTermConcept));
      if (below.length < PAGE) return found;
      after = below.at(-1)?.code ?? '';
      // Other requests come in between.
      await setImmediate();
    }
  }

  readonly all = (): Promise<readonly TermConcept[]> => {
    if ((this.header.count ?? 0) > MOST_CONCEPTS) {
      throw new RequestError('too-costly', { most: MOST_CONCEPTS, unit: 'codes' });
    }
    return this.#readAll();
  };
}
