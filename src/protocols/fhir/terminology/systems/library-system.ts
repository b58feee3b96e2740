import type { CodeSystem } from '@medplum/fhirtypes';
import { findAncestors, isBeginning, truncate } from '../../../../core/codes/code-hierarchy.js';
import { NAMED_FOR_LOOKUPS, codeSystem, type CodeSystemId } from '../../../../core/codes/code-systems.js';
import type { Coding, Concept } from '../../../../core/codes/concept.js';
import { RequestError } from '../../../../core/errors.js';
import type { Library } from '../../../../core/model/library.js';
import { normalizeCode } from '../../../../core/codes/normalize-code.js';
import { createNamelessConcept, type TermConcept, type TermSystem } from './term-system.js';

/** Concepts read from the library at once. */
const PAGE = 500;
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

/** A package (NDC) by RxNorm's name of the drug in it, where all its rows are of that one drug. */
function nameByDrug(concept: TermConcept, library: Library): TermConcept | undefined {
  const rows = library.findMappings([{ system: 'ndc', code: concept.code }]);
  const drugs = new Set(
    rows.map(({ path: [, step], mustAgree }) =>
      step?.kind === 'crosswalk' && step.system === 'rxnorm' && mustAgree === undefined ? step.code : undefined,
    ),
  );
  const [code] = drugs;
  if (code === undefined || drugs.size > 1) return undefined;
  const display = library.findConcepts([{ system: 'rxnorm', code }])[0]?.title;
  if (display === undefined) return undefined;
  const valueCoding = { system: codeSystem('rxnorm').uri, code, display };
  return { ...concept, display, properties: [...concept.properties, { code: 'rxnorm', valueCoding }] };
}

/** The codes that begin with a code: their parents need not be described. */
function listPrefixed({ system, code }: Coding, library: Library): TermConcept[] {
  const found: TermConcept[] = [];
  for (let after = code; ;) {
    const page = library.terminology.listConcepts(system, after, PAGE);
    const below = page.filter((concept) => concept.code.startsWith(code));
    found.push(...below.map(toTermConcept));
    if (below.length < PAGE) return found;
    after = below.at(-1)?.code ?? '';
  }
}

function listDescendants({ system, code }: Coding, library: Library): TermConcept[] {
  const found = new Map<string, TermConcept>();
  const queue = [code];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const coding = { system, code: at };
    const isWhole = isBeginning(coding);
    for (const concept of isWhole ? listPrefixed(coding, library) : listChildren(coding, library)) {
      if (found.has(concept.code) || concept.code === code) continue;
      found.set(concept.code, concept);
      if (!isWhole) queue.push(concept.code);
    }
    if (found.size > MOST_BELOW) throw new RequestError('too-costly', { most: MOST_BELOW, unit: 'codes' });
  }
  return [...found.values()];
}

const listChildren = (coding: Coding, library: Library): TermConcept[] =>
  library.terminology.findChildren(coding).map(toTermConcept);

/** Of codes without a name, those that the library maps, across to another system too: they are in the fragment that it holds. */
function listMapped(codings: readonly Coding[], library: Library): Set<string> {
  const rows = codings.length === 0 ? [] : library.findMappings(codings);
  return new Set(rows.flatMap(({ levels, path }) => (levels === 0 ? (path[0]?.code ?? []) : [])));
}

/**
 * A code system as the library describes it.
 * @param header the resource that describes what of the system is held; one object for each release of the library
 * @param readAll returns all its concepts, by code
 */
export function createLibrarySystem(
  library: Library,
  header: CodeSystem,
  system: CodeSystemId,
  readAll: TermSystem['all'],
): TermSystem {
  const isComplete = header.content === 'complete';
  const createNameless = (code: string): TermConcept => createNamelessConcept(code, truncate({ system, code }));
  const normalize = (code: string): string | undefined =>
    // Chapters and blocks are no codes that a patient's record carries, but they are concepts.
    normalizeCode(system, code) ?? (/^[\w.-]{1,64}$/.test(code.trim()) ? code.trim().toUpperCase() : undefined);
  const toCoding = (code: string): Coding => ({ system, code: normalize(code) ?? code });
  const findEach = (codes: readonly string[]): ReadonlyMap<string, TermConcept> => {
    const codings = codes.map(toCoding);
    const concepts = library.findConcepts(codings).map(toTermConcept);
    const found = new Map(concepts.map((concept) => [concept.code, concept]));
    if (isComplete) return found;
    const unnamed = codings.filter((coding) => !found.has(coding.code));
    for (const code of listMapped(unnamed, library)) found.set(code, createNameless(code));
    return found;
  };
  return {
    header,
    url: codeSystem(system).uri,
    version: header.version,
    isComplete,
    holdsOneName: !isComplete && NAMED_FOR_LOOKUPS.has(system),
    remedy: IMPORTABLE.has(system) ? `education-connect import ${system}` : undefined,
    assume: (code) => {
      const normalized = isComplete ? undefined : normalizeCode(system, code);
      return normalized === undefined ? undefined : createNameless(normalized);
    },
    normalize,
    find: (code) => {
      const normalized = normalize(code);
      return normalized === undefined ? undefined : findEach([normalized]).get(normalized);
    },
    findEach,
    borrowName: (concept) => (system === 'ndc' ? nameByDrug(concept, library) : undefined),
    ancestors: (code) => findAncestors(toCoding(code), library).map((ancestor) => ancestor.code),
    children: (code) => listChildren({ system, code }, library),
    descendants: (code) => listDescendants({ system, code }, library),
    all: () => {
      if ((header.count ?? 0) > MOST_CONCEPTS) {
        throw new RequestError('too-costly', { most: MOST_CONCEPTS, unit: 'codes' });
      }
      return readAll();
    },
  };
}
