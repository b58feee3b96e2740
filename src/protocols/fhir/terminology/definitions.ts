import type {
  CodeSystem,
  ConceptMap,
  ConceptMapGroupElement,
  ConceptMapGroupElementTarget,
  ValueSet,
} from '@medplum/fhirtypes';
import type { CodeSystemId } from '../../../core/codes/code-systems.js';
import { codeSystem } from '../../../core/codes/code-systems.js';
import { groupBy } from '../../../core/group-by.js';
import type { Relationship } from '../../../core/answer/knowledge-response.js';
import type { Crosswalk, CrosswalkPair, StatedMapping } from '../../../core/codes/terminology-index.js';
import { versionOf } from '../rest/entity-tag.js';
import { readDataFile } from '../../../core/read-data-file.js';

export type Equivalence = NonNullable<ConceptMapGroupElementTarget['equivalence']>;

/** The target's relationship to the source, in R4's concept-map-equivalence. */
export const EQUIVALENCES: Readonly<Record<Relationship | 'none', Equivalence>> = {
  equivalent: 'equivalent',
  broader: 'wider',
  narrower: 'narrower',
  related: 'relatedto',
  none: 'unmatched',
};

/** What the definitions of one release have in common. */
export interface ReleaseFacts {
  readonly canonicalBase: string;
  readonly version: string;
  /** ISO 8601 day. */
  readonly date: string;
}

const toName = (id: string): string =>
  id
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');

const lastUpdated = (date: string): { lastUpdated?: string } => (date ? { lastUpdated: `${date}T00:00:00Z` } : {});

/**
 * A definition with its version: a hash of it and of the name of all that the library holds, since what a read adds to it
 * (concepts, groups) may come from any of the releases, and is left out where the policy suppresses it.
 */
export function versioned<R extends CodeSystem | ValueSet | ConceptMap>(resource: R, facts: ReleaseFacts): R {
  const { resourceType, id, ...rest } = resource;
  const meta = { versionId: versionOf(resource, facts.version), ...lastUpdated(facts.date) };
  return { resourceType, ...(id === undefined ? {} : { id }), meta, ...rest } as R;
}

/** The notice that LOINC's licence asks for, wherever its names are shown: https://loinc.org/license, section 10. */
const LOINC_NOTICE =
  'This material contains content from LOINC (http://loinc.org). LOINC is copyright © Regenstrief Institute, Inc. and the Logical Observation Identifiers Names and Codes (LOINC) Committee and is available at no cost under the license at http://loinc.org/license. LOINC® is a registered United States trademark of Regenstrief Institute, Inc.';

/** Filters and properties of systems whose concepts the library describes. */
const DESCRIBED = readDataFile('fhir/library-systems.yaml') as Pick<CodeSystem, 'filter' | 'property'>;

/** The part of a code system's resource about the concepts that the library holds. */
export interface HeldConcepts {
  /** Concepts that the library describes; those that it only maps are not among them. */
  readonly count: number;
  /** The release that holds the system whole. */
  readonly complete: string | undefined;
}

export function codeSystemHeader(id: CodeSystemId, held: HeldConcepts, facts: ReleaseFacts): CodeSystem {
  const { uri, oids, label } = codeSystem(id);
  const { complete, count } = held;
  const header: CodeSystem = {
    resourceType: 'CodeSystem',
    id,
    url: uri,
    ...(oids.length > 0
      ? { identifier: oids.map((oid) => ({ system: 'urn:ietf:rfc:3986', value: `urn:oid:${oid}` })) }
      : {}),
    // Of a fragment no release is known: the library's own name is no version of the system.
    ...(complete === undefined ? {} : { version: complete }),
    name: toName(id),
    title: label,
    status: 'active',
    experimental: false,
    date: facts.date,
    ...(id === 'loinc' ? { copyright: LOINC_NOTICE } : {}),
    caseSensitive: id !== 'drug-name' && !id.startsWith('icd'),
    valueSet: `${facts.canonicalBase}/ValueSet/${id}-all`,
    ...(count > 0 ? { hierarchyMeaning: 'is-a' } : {}),
    compositional: false,
    versionNeeded: false,
    content: complete === undefined ? 'fragment' : 'complete',
    ...(complete === undefined ? {} : { count }),
    ...(count > 0 ? DESCRIBED : {}),
  };
  return versioned(header, facts);
}

/** All codes of a system, or those that are a code or below it. */
export function systemValueSet(
  system: CodeSystem,
  facts: ReleaseFacts,
  implicit?: { readonly url: string; readonly isA: string | undefined },
): ValueSet {
  const { url = '', title = '', name = '', id = 'x' } = system;
  const { isA } = implicit ?? {};
  const filter = isA === undefined ? {} : { filter: [{ property: 'concept', op: 'is-a' as const, value: isA }] };
  // An implicit one is the system's own: the library's name is no version of it.
  const version = system.version ?? (implicit ? undefined : facts.version);
  const valueSet: ValueSet = {
    resourceType: 'ValueSet',
    ...(implicit ? {} : { id: `${id}-all` }),
    url: implicit?.url ?? `${facts.canonicalBase}/ValueSet/${id}-all`,
    ...(version === undefined ? {} : { version }),
    name: isA === undefined ? `${name}All` : `${name}IsA`,
    title: isA === undefined ? `All codes of ${title}` : `${title}: ${isA} and what is below it`,
    status: 'active',
    experimental: false,
    date: facts.date,
    compose: { include: [{ system: url, ...filter }] },
  };
  return implicit ? valueSet : versioned(valueSet, facts);
}

/** A crosswalk's or a mapping file's resource without its groups. */
export function conceptMapHeader(
  id: string,
  ends: { readonly source: string; readonly target: string; readonly title: string },
  facts: ReleaseFacts,
): ConceptMap {
  const header: ConceptMap = {
    resourceType: 'ConceptMap',
    id,
    url: `${facts.canonicalBase}/ConceptMap/${id}`,
    version: facts.version,
    name: toName(id),
    title: ends.title,
    status: 'active',
    experimental: false,
    date: facts.date,
    sourceUri: ends.source,
    targetUri: ends.target,
  };
  return versioned(header, facts);
}

/** R4 invariant cmd-1: a narrower target has a comment. */
function commented(equivalence: Equivalence, note: string): { comment?: string } {
  const comment = note || (equivalence === 'narrower' ? 'The target covers a part of what the code means.' : '');
  return comment ? { comment } : {};
}

function grouped<T>(
  rows: readonly T[],
  codeOf: (row: T) => string,
  target: (row: T) => ConceptMapGroupElementTarget,
): ConceptMapGroupElement[] {
  return [...groupBy(rows, codeOf)].map(([code, ofCode]) => ({ code, target: ofCode.map(target) }));
}

/** The elements of mapping rows, each target with its article's title. @param titles by the articles' ids */
export function mappingElements(
  rows: readonly StatedMapping[],
  titles: ReadonlyMap<string, string | undefined>,
): ConceptMapGroupElement[] {
  return grouped(
    rows,
    ({ code }) => code,
    ({ article, relationship, note }) => {
      const equivalence = EQUIVALENCES[relationship];
      if (article === undefined)
        return { equivalence, ...commented(equivalence, note || 'Without an article on purpose.') };
      const display = titles.get(article);
      return { code: article, ...(display ? { display } : {}), equivalence, ...commented(equivalence, note) };
    },
  );
}

export function crosswalkElements(rows: readonly Crosswalk[]): ConceptMapGroupElement[] {
  return grouped(
    rows,
    ({ from }) => from.code,
    ({ to, relationship }) => {
      const equivalence = EQUIVALENCES[relationship];
      return { code: to.code, equivalence, ...commented(equivalence, '') };
    },
  );
}

export const crosswalkId = ({ from, to }: CrosswalkPair): string => `${from}-to-${to}`;
export const mappingId = (system: CodeSystemId): string => `${system}-to-articles`;
