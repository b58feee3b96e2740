import { randomUUID } from 'node:crypto';
import type {
  ConceptMap,
  ConceptMapGroup,
  ConceptMapGroupElement,
  ConceptMapGroupElementTarget,
} from '@medplum/fhirtypes';
import { codeSystem, findCodeSystem, type CodeSystemId } from '../../../core/codes/code-systems.js';
import { RELATIONSHIP_OF_EQUIVALENCE } from '../../../core/codes/equivalence.js';
import type { Relationship } from '../../../core/answer/knowledge-response.js';
import { normalizeCode } from '../../../core/codes/normalize-code.js';
import type { Coding } from '../../../core/codes/concept.js';
import { MOST_ARTICLES_OF_CODE, type Crosswalk, type StatedMapping } from '../../../core/codes/terminology-index.js';
import type { FaultList } from './faults.js';
import { selectMeta } from './read-document.js';
import type { Writable, WritingPlace } from './stored-resource.js';

const AT = 'ConceptMap';

/** A map while it is read. */
interface MapReading {
  readonly articlesUrl: string;
  readonly faults: FaultList;
  readonly mappings: Map<string, StatedMapping>;
  readonly crosswalks: Crosswalk[];
}

/** A group's ends: a code system of ours, and another or our articles (undefined). */
interface Ends {
  readonly from: CodeSystemId;
  readonly to: CodeSystemId | undefined;
}

function readEnds({ source, target }: ConceptMapGroup, at: string, reading: MapReading): Ends | undefined {
  const { articlesUrl, faults } = reading;
  const from = findCodeSystem(source ?? '')?.id;
  const to = target === articlesUrl ? undefined : findCodeSystem(target ?? '')?.id;
  if (!from) faults.add(`${at}.source`, 'must be a code system that is known here', 'code-invalid');
  const isKnown = target === articlesUrl || to !== undefined;
  if (!isKnown)
    faults.add(`${at}.target`, `must be ${articlesUrl} or a code system that is known here`, 'code-invalid');
  return from && isKnown ? { from, to } : undefined;
}

/** Reads a target of a code, which is the code's first, second … (`rank`), and of a code system unless it is an article (`to`). */
function readTarget(
  { equivalence, code, comment, dependsOn }: ConceptMapGroupElementTarget,
  at: string,
  { rank, to, ...coding }: Coding & { readonly rank: number; readonly to: Ends['to'] },
  { faults, mappings, crosswalks }: MapReading,
): void {
  const own = `${coding.system}|${coding.code}|`;
  const row = { sensitivity: undefined, origin: 'curated' } as const;
  // `unmatched` means that there is none, on purpose.
  const relationship: Relationship | 'none' | undefined =
    equivalence === 'unmatched' ? 'none' : RELATIONSHIP_OF_EQUIVALENCE.get(equivalence);
  if (!relationship) faults.add(`${at}.equivalence`, `${equivalence} says nothing that can be used`, 'not-supported');
  // R4's cmd-1.
  const needsComment = equivalence === 'narrower' || equivalence === 'inexact';
  if (needsComment && !comment) faults.add(`${at}.comment`, `is required where it is ${equivalence}`, 'required');
  if (dependsOn?.length)
    faults.add(`${at}.dependsOn`, 'is not taken: it is not true of every patient', 'not-supported');
  if (relationship === 'none') {
    if (code !== undefined) faults.add(`${at}.code`, 'must not be there where nothing matches', 'business-rule');
    // Between code systems nothing of it is stored.
    if (to !== undefined) return;
    const note = comment ?? 'Without an article on purpose.';
    mappings.set(own, { ...coding, article: undefined, relationship, rank: 1, ...row, note });
    return;
  }
  if (code === undefined) {
    faults.add(`${at}.code`, 'is required', 'required');
  } else if (to === undefined) {
    if (rank > MOST_ARTICLES_OF_CODE)
      faults.add(at, `a code has ${MOST_ARTICLES_OF_CODE} articles at most`, 'too-long');
    const key = own + code;
    if (mappings.has(key)) faults.add(`${at}.code`, 'is said of this code already', 'duplicate');
    const stated = { ...coding, article: code, relationship: relationship ?? 'related', rank };
    mappings.set(key, { ...stated, ...row, note: comment ?? '' });
  } else {
    const there = normalizeCode(to, code);
    if (there === undefined) faults.add(`${at}.code`, `is no possible code of ${codeSystem(to).label}`, 'code-invalid');
    else if (relationship) crosswalks.push({ from: coding, to: { system: to, code: there }, relationship });
  }
}

function readElement(element: ConceptMapGroupElement, at: string, { from, to }: Ends, reading: MapReading): void {
  const { faults } = reading;
  const code = normalizeCode(from, element.code ?? '');
  const targets = element.target ?? [];
  if (code === undefined) {
    faults.add(`${at}.code`, `is no possible code of ${codeSystem(from).label}`, 'code-invalid');
    return;
  }
  if (targets.length === 0) faults.add(`${at}.target`, 'is required', 'required');
  const unmatched = targets.findIndex(({ equivalence }) => equivalence === 'unmatched');
  if (unmatched >= 0 && targets.length > 1) {
    faults.add(`${at}.target[${unmatched}]`, 'cannot stand beside others', 'business-rule');
  }
  for (const [index, target] of targets.entries()) {
    readTarget(target, `${at}.target[${index}]`, { system: from, code, to, rank: index + 1 }, reading);
  }
}

/** A group as the library writes its systems and codes. */
function normalizeGroup(group: ConceptMapGroup, articlesUrl: string): ConceptMapGroup {
  const from = findCodeSystem(group.source ?? '');
  const to = group.target === articlesUrl ? undefined : findCodeSystem(group.target ?? '');
  const normalize = <T extends { code?: string }>(one: T, system: typeof from): T => {
    const code = system && one.code !== undefined ? normalizeCode(system.id, one.code) : undefined;
    return code === undefined ? one : { ...one, code };
  };
  return {
    ...group,
    ...(from ? { source: from.uri } : {}),
    ...(to ? { target: to.uri } : {}),
    element: group.element.map((element) => ({
      ...normalize(element, from),
      ...(element.target && { target: element.target.map((target) => normalize(target, to)) }),
    })),
  };
}

/** Places of the targets of each article, for the faults of those that are not known. */
function checkArticles(resource: ConceptMap, articlesUrl: string, place: WritingPlace, faults: FaultList) {
  const places = (resource.group ?? []).flatMap(({ target, element }, group) =>
    target !== articlesUrl
      ? []
      : ((element as typeof element | undefined) ?? []).flatMap((one, index) =>
          (one.target ?? []).flatMap(({ code }, at) =>
            code === undefined ? [] : [{ code, at: `${AT}.group[${group}].element[${index}].target[${at}].code` }],
          ),
        ),
  );
  const found = place.library.findArticles([...new Set(places.map(({ code }) => code))]);
  const served = found.filter(({ texts }) => Object.keys(texts).length > 0);
  const known = new Set(served.map(({ id }) => id));
  for (const { code, at } of places) {
    if (!known.has(code)) faults.add(at, 'is no article of the library', 'code-invalid');
  }
}

function checkMap({ group = [], ...resource }: ConceptMap, faults: FaultList): void {
  if (group.length === 0) faults.add(`${AT}.group`, 'is required: a map that maps nothing is none', 'required');
  if (resource.status !== 'active') {
    faults.add(`${AT}.status`, 'must be active: what is here answers', 'business-rule');
  }
  for (const name of ['modifierExtension', 'implicitRules'] as const) {
    if (resource[name]) faults.add(`${AT}.${name}`, 'is not understood here', 'not-supported');
  }
  for (const [index, { unmapped }] of group.entries()) {
    if (unmapped) faults.add(`${AT}.group[${index}].unmapped`, 'is not taken: say it code by code', 'not-supported');
  }
}

/**
 * Reads a ConceptMap that a site writes: towards our articles its elements are mapping rows, in the order of their
 * targets; towards a code system they are crosswalks. Every fault is reported.
 * @param id the id it is written under; undefined: it is new
 */
export function readMap(
  resource: ConceptMap,
  id: string | undefined,
  place: WritingPlace,
  faults: FaultList,
): Writable<ConceptMap> {
  const articlesUrl = `${place.canonicalBase}/CodeSystem/articles`;
  const reading: MapReading = { articlesUrl, faults, mappings: new Map(), crosswalks: [] };
  checkMap(resource, faults);
  for (const [index, group] of (resource.group ?? []).entries()) {
    const at = `${AT}.group[${index}]`;
    const ends = readEnds(group, at, reading);
    if (!ends) continue;
    for (const [number, element] of ((group.element as typeof group.element | undefined) ?? []).entries()) {
      readElement(element, `${at}.element[${number}]`, ends, reading);
    }
  }
  const mappings = [...reading.mappings.values()];
  if (mappings.some(({ system, code, article }) => article && reading.mappings.has(`${system}|${code}|`))) {
    faults.add(`${AT}.group`, 'says of one code that it has an article and that it has none', 'business-rule');
  }
  checkArticles(resource, articlesUrl, place, faults);
  const own = id ?? `map-${randomUUID()}`;
  const { resourceType, id: _id, meta, text: _text, url, ...rest } = resource;
  return {
    id: own,
    resource: {
      resourceType,
      id: own,
      ...selectMeta(meta),
      url: url ?? `${place.canonicalBase}/ConceptMap/${own}`,
      ...rest,
      ...(faults.isEmpty && resource.group
        ? { group: resource.group.map((group) => normalizeGroup(group, articlesUrl)) }
        : {}),
    },
    rows: { articles: [], texts: [], mappings, crosswalks: reading.crosswalks },
  };
}
