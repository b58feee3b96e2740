import type {
  CodeSystem,
  ConceptMap,
  ConceptMapGroupElement,
  ConceptMapGroupElementTarget,
  Meta,
  ValueSet,
} from '@medplum/fhirtypes';
import { codeSystem, type CodeSystemId } from '../../../core/codes/code-systems.js';
import { groupBy } from '../../../core/group-by.js';
import type { Relationship } from '../../../core/answer/knowledge-response.js';
import type { Crosswalk, CrosswalkPair, StatedMapping } from '../../../core/codes/terminology-index.js';
import { hashVersion } from '../rest/entity-tag.js';
import { TEMPLATES, fillTemplate } from '../syntax/template.js';
import { dropEmpty } from '../syntax/drop-empty.js';
import { capitalize } from '../syntax/primitives.js';

export type Equivalence = NonNullable<ConceptMapGroupElementTarget['equivalence']>;

/** The target's relationship to the source, in R4's concept-map-equivalence. */
export const EQUIVALENCES: Readonly<Record<Relationship | 'none', Equivalence>> = {
  equivalent: 'equivalent',
  broader: 'wider',
  narrower: 'narrower',
  related: 'relatedto',
  none: 'unmatched',
};

/** Facts that the definitions of one release share. */
export interface DefinitionFacts {
  readonly canonicalBase: string;
  readonly version: string;
  /** ISO 8601 day. */
  readonly date: string;
}

const toName = (id: string): string => id.split('-').map(capitalize).join('');

/**
 * A definition with its version: a hash of it and of the name of all that the library holds, since what a read adds to it
 * (concepts, groups) may come from any of the releases, and is left out where the policy suppresses it.
 */
export function addVersion<R extends CodeSystem | ValueSet | ConceptMap>(resource: R, facts: DefinitionFacts): R {
  const { resourceType, id, ...rest } = resource;
  const versionId = hashVersion(resource, facts.version);
  const lastUpdated = facts.date ? `${facts.date}T00:00:00Z` : undefined;
  return { resourceType, id, meta: dropEmpty<Meta>({ versionId, lastUpdated }), ...rest } as R;
}

/** The part of a code system's resource about the concepts that the library holds. */
export interface HeldConcepts {
  /** Concepts that the library describes; those that it only maps are not among them. */
  readonly count: number;
  /** The release that holds the system whole. */
  readonly complete: string | undefined;
}

export function createCodeSystemHeader(id: CodeSystemId, held: HeldConcepts, facts: DefinitionFacts): CodeSystem {
  const { uri, oids, label } = codeSystem(id);
  const { complete, count } = held;
  const header = fillTemplate('libraryCodeSystem', {
    ...facts,
    id,
    url: uri,
    identifier: oids.map((oid) => ({ system: 'urn:ietf:rfc:3986', value: `urn:oid:${oid}` })),
    // Of a fragment no release is known: the library's own name is no version of the system.
    version: complete,
    name: toName(id),
    title: label,
    copyright: id === 'loinc' ? TEMPLATES.loincNotice : undefined,
    caseSensitive: id !== 'drug-name' && !id.startsWith('icd'),
    hierarchyMeaning: count > 0 ? 'is-a' : undefined,
    content: complete === undefined ? 'fragment' : 'complete',
    count: complete === undefined ? undefined : count,
  });
  return addVersion({ ...header, ...(count > 0 ? TEMPLATES.describedConcepts : {}) }, facts);
}

/** All codes of a system, or those that are a code or below it. */
export function createSystemValueSet(
  system: CodeSystem,
  facts: DefinitionFacts,
  implicit?: { readonly url: string; readonly isA: string | undefined },
): ValueSet {
  const { url = '', title = '', name = '', id = 'x' } = system;
  const { isA } = implicit ?? {};
  const filter = isA === undefined ? {} : { filter: [{ property: 'concept', op: 'is-a' as const, value: isA }] };
  const valueSet = fillTemplate('systemValueSet', {
    ...facts,
    id: implicit ? undefined : `${id}-all`,
    url: implicit?.url ?? `${facts.canonicalBase}/ValueSet/${id}-all`,
    // An implicit one is the system's own: the library's name is no version of it.
    version: system.version ?? (implicit ? undefined : facts.version),
    name: isA === undefined ? `${name}All` : `${name}IsA`,
    title: isA === undefined ? `All codes of ${title}` : `${title}: ${isA} and what is below it`,
    include: { system: url, ...filter },
  });
  return implicit ? valueSet : addVersion(valueSet, facts);
}

/** A crosswalk's or a mapping file's resource without its groups. */
export function createConceptMapHeader(
  id: string,
  ends: { readonly source: string; readonly target: string; readonly title: string },
  facts: DefinitionFacts,
): ConceptMap {
  return addVersion(fillTemplate('libraryConceptMap', { ...facts, ...ends, id, name: toName(id) }), facts);
}

/** R4 invariant cmd-1: a narrower target has a comment. */
const commentOn = (equivalence: Equivalence, note: string): string | undefined =>
  note || (equivalence === 'narrower' ? 'The target covers a part of what the code means.' : undefined);

function groupElements<T>(
  rows: readonly T[],
  getCode: (row: T) => string,
  target: (row: T) => ConceptMapGroupElementTarget,
): ConceptMapGroupElement[] {
  return [...groupBy(rows, getCode)].map(([code, ofCode]) => ({ code, target: ofCode.map(target) }));
}

/** The elements of mapping rows, each target with its article's title. @param titles by the articles' ids */
export function toMappingElements(
  rows: readonly StatedMapping[],
  titles: ReadonlyMap<string, string | undefined>,
): ConceptMapGroupElement[] {
  return groupElements(
    rows,
    ({ code }) => code,
    ({ article, relationship, note }) => {
      const equivalence = EQUIVALENCES[relationship];
      if (article === undefined) return { equivalence, comment: note || 'Without an article on purpose.' };
      const display = titles.get(article) || undefined;
      const comment = commentOn(equivalence, note);
      return dropEmpty({ code: article, display, equivalence, comment });
    },
  );
}

export function toCrosswalkElements(rows: readonly Crosswalk[]): ConceptMapGroupElement[] {
  return groupElements(
    rows,
    ({ from }) => from.code,
    ({ to, relationship }) => {
      const equivalence = EQUIVALENCES[relationship];
      const comment = commentOn(equivalence, '');
      return dropEmpty({ code: to.code, equivalence, comment });
    },
  );
}

export const buildCrosswalkId = ({ from, to }: CrosswalkPair): string => `${from}-to-${to}`;
export const buildMappingId = (system: CodeSystemId): string => `${system}-to-articles`;
