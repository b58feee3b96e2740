import type { CodeSystemId } from '../codes/code-systems.js';
import type { RequestCoding } from '../answer/knowledge-request.js';
import { codingKey } from '../codes/concept.js';
import type { Coding, Library } from '../model/library.js';
import { normalizeCode } from '../codes/normalize-code.js';
import type { ListEntry } from './list-entry.js';

/** An entry and its coding. */
export interface ResolvedEntry {
  readonly entry: ListEntry;
  /** Undefined where it has no code, or a code of no certain system. */
  readonly coding: RequestCoding | undefined;
  /** The library has a title or a row for the code, in a system that it may be of. */
  readonly isKnown: boolean;
  /** The systems that its code may be of, where that is not plain. */
  readonly possible: readonly CodeSystemId[];
}

/** The system whose codes alone look so: a number is an ICD-9-CM code only with its dot, and MeSH's look like ICD-10-CM's. */
function plainSystem({ systems, code }: ListEntry): CodeSystemId | undefined {
  if (systems.length === 1) return systems[0];
  if (systems.includes('mesh')) return undefined;
  return systems.find((id) => id === 'icd-10-cm' || id === 'loinc' || (id === 'icd-9-cm' && /[.VE]/i.test(code)));
}

function toCodings({ systems, code }: ListEntry): Coding[] {
  return systems.flatMap((system) => {
    const normalized = normalizeCode(system, code);
    return normalized === undefined ? [] : [{ system, code: normalized }];
  });
}

/** Codings of which the library knows a title or has a row. */
function knownAmong(codings: readonly Coding[], library: Library): Set<string> {
  if (codings.length === 0) return new Set();
  const concepts = library.findConcepts(codings);
  const rows = library.findMappings(codings);
  const own = rows.flatMap(({ input, levels, crossings }) => (levels + crossings === 0 ? (codings[input] ?? []) : []));
  return new Set([...concepts, ...own].map(codingKey));
}

/**
 * Determines the system of each code: the one named, the only possible one, else the only one in which the library knows
 * it. A code that is known in several, or in none, is reported as ambiguous: a guess could lead to another disease's page.
 */
export function resolveEntries(entries: readonly ListEntry[], library: Library): ResolvedEntry[] {
  const known = knownAmong(entries.flatMap(toCodings), library);
  return entries.map((entry): ResolvedEntry => {
    const { code, systems, title } = entry;
    if (systems.length === 0) return { entry, coding: undefined, isKnown: false, possible: [] };
    const found = toCodings(entry).filter((coding) => known.has(codingKey(coding)));
    const system = plainSystem(entry) ?? (found.length === 1 ? found[0]?.system : undefined);
    const isKnown = found.length > 0;
    if (!system) {
      const possible = isKnown ? found.map((coding) => coding.system) : systems;
      return { entry, coding: undefined, isKnown, possible };
    }
    const coding = { system, systemSent: system, code, display: title, userSelected: false };
    return { entry, coding, isKnown, possible: [] };
  });
}
