import { randomUUID } from 'node:crypto';
import type { ConceptMap, ConceptMapGroup, ConceptMapGroupElement } from '@medplum/fhirtypes';
import { codeSystem, findCodeSystem, type CodeSystemId } from '../../../core/codes/code-systems.js';
import { RELATIONSHIP_OF_EQUIVALENCE } from '../../../core/codes/equivalence.js';
import type { Relationship } from '../../../core/answer/knowledge-response.js';
import { normalizeCode } from '../../../core/codes/normalize-code.js';
import type { Crosswalk, StatedMapping } from '../../../core/codes/terminology-index.js';
import type { FaultList } from './faults.js';
import { selectMeta } from './read-document.js';
import type { Writable, WritingPlace } from './stored-resource.js';

/** A code has no more articles. */
const MAX_RANK = 6;
const AT = 'ConceptMap';

interface Rows {
  readonly mappings: Map<string, StatedMapping>;
  readonly crosswalks: Crosswalk[];
}

/** A group's ends: a code system of ours, and another or our articles (undefined). */
interface Ends {
  readonly from: CodeSystemId;
  readonly to: CodeSystemId | undefined;
}

function readEnds(
  { source, target }: ConceptMapGroup,
  at: string,
  articles: string,
  faults: FaultList,
): Ends | undefined {
  const from = findCodeSystem(source ?? '')?.id;
  const to = target === articles ? undefined : findCodeSystem(target ?? '')?.id;
  if (!from) faults.add(`${at}.source`, 'must be a code system that is known here', 'code-invalid');
  const isKnown = target === articles || to !== undefined;
  if (!isKnown) faults.add(`${at}.target`, `must be ${articles} or a code system that is known here`, 'code-invalid');
  return from && isKnown ? { from, to } : undefined;
}

function readTarget(
  target: NonNullable<ConceptMapGroupElement['target']>[number],
  at: string,
  coding: { readonly system: CodeSystemId; readonly code: string },
  to: CodeSystemId | undefined,
  rank: number,
  rows: Rows,
  faults: FaultList,
): void {
  const { equivalence, code, comment, dependsOn } = target;
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
    const row = { ...coding, article: undefined, relationship, rank: 1, sensitivity: undefined, origin: 'curated' };
    rows.mappings.set(`${coding.system}|${coding.code}|`, {
      ...row,
      note: comment ?? 'Without an article on purpose.',
    });
    return;
  }
  if (code === undefined) {
    faults.add(`${at}.code`, 'is required', 'required');
  } else if (to === undefined) {
    if (rank > MAX_RANK) faults.add(at, `a code has ${MAX_RANK} articles at most`, 'too-long');
    const row = { ...coding, article: code, relationship: relationship ?? 'related', rank, sensitivity: undefined };
    const key = `${coding.system}|${coding.code}|${code}`;
    if (rows.mappings.has(key)) faults.add(`${at}.code`, 'is said of this code already', 'duplicate');
    rows.mappings.set(key, { ...row, origin: 'curated', note: comment ?? '' });
  } else {
    const there = normalizeCode(to, code);
    if (there === undefined) faults.add(`${at}.code`, `is no possible code of ${codeSystem(to).label}`, 'code-invalid');
    else if (relationship) rows.crosswalks.push({ from: coding, to: { system: to, code: there }, relationship });
  }
}

function readElement(
  element: ConceptMapGroupElement,
  at: string,
  { from, to }: Ends,
  rows: Rows,
  faults: FaultList,
): void {
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
  const coding = { system: from, code };
  for (const [index, target] of targets.entries()) {
    readTarget(target, `${at}.target[${index}]`, coding, to, index + 1, rows, faults);
  }
}

/** A group as the library writes its systems and codes. */
function normalizeGroup(group: ConceptMapGroup, articlesUrl: string): ConceptMapGroup {
  const [from, to] = [findCodeSystem(group.source ?? ''), findCodeSystem(group.target ?? '')];
  const isToArticles = group.target === articlesUrl;
  const normalize = (system: typeof from, code: string): string => (system && normalizeCode(system.id, code)) ?? code;
  return {
    ...group,
    ...(from ? { source: from.uri } : {}),
    ...(to && !isToArticles ? { target: to.uri } : {}),
    element: group.element.map((element) => ({
      ...element,
      ...(element.code === undefined ? {} : { code: normalize(from, element.code) }),
      ...(element.target && {
        target: element.target.map((target) =>
          target.code === undefined || isToArticles ? target : { ...target, code: normalize(to, target.code) },
        ),
      }),
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
  const ids = [...new Set(places.map(({ code }) => code))].filter((id) => !place.newArticles.has(id));
  const found = place.library.findArticles(ids);
  const known = new Set(found.filter(({ texts }) => Object.keys(texts).length > 0).map(({ id }) => id));
  for (const { code, at } of places) {
    if (!known.has(code) && !place.newArticles.has(code))
      faults.add(at, 'is no article of the library', 'code-invalid');
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
  const rows: Rows = { mappings: new Map(), crosswalks: [] };
  checkMap(resource, faults);
  for (const [index, group] of (resource.group ?? []).entries()) {
    const at = `${AT}.group[${index}]`;
    const ends = readEnds(group, at, articlesUrl, faults);
    if (!ends) continue;
    for (const [number, element] of ((group.element as typeof group.element | undefined) ?? []).entries()) {
      readElement(element, `${at}.element[${number}]`, ends, rows, faults);
    }
  }
  const mappings = [...rows.mappings.values()];
  const without = new Set(
    mappings.filter((row) => row.article === undefined).map((row) => `${row.system}|${row.code}`),
  );
  if (mappings.some((row) => row.article !== undefined && without.has(`${row.system}|${row.code}`))) {
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
    rows: { articles: [], texts: [], mappings, crosswalks: rows.crosswalks },
  };
}
