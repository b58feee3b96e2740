import type { JsonObject } from '../json-object.js';
import { readAttribute, findChildren, findFirst, wholeText, type Node } from './read-tree.js';

/** The elements of a section's narrative by their ids, to which entries refer. */
export type Narrative = ReadonlyMap<string, Node>;

/** Finds the elements that a section's entries may refer to. */
export function readNarrative(text: Node | undefined): Narrative {
  const found = new Map<string, Node>();
  const open: Node[] = text ? [text] : [];
  for (let node = open.pop(); node; node = open.pop()) {
    const id = readAttribute(node, 'ID');
    if (id !== '' && !found.has(id)) found.set(id, node);
    for (const child of node.children) open.push(child);
  }
  return found;
}

/** The words of an `originalText` or `text`: its own, else those that it refers to; of a table's row the first cell. */
function readText(node: Node | undefined, narrative: Narrative): string {
  if (!node) return '';
  const own = wholeText(node);
  if (own !== '') return own;
  const referred = narrative.get(readAttribute(findFirst(node, 'reference'), 'value').replace(/^#/, ''));
  // A whole table names no fact.
  if (!referred || referred.name === 'table') return '';
  const [cell = referred] = referred.name === 'tr' ? findChildren(referred, 'td') : [];
  return wholeText(cell);
}

/** A coded value without its translations; empty if it has no code, or its null flavor denies one. Some senders name a system without its OID. */
function readCoding(node: Node): JsonObject[] {
  const code = readAttribute(node, 'code');
  if (code === '' || readAttribute(node, 'nullFlavor') !== '') return [];
  const oid = readAttribute(node, 'codeSystem');
  const system = oid === '' ? readAttribute(node, 'codeSystemName') : `urn:oid:${oid}`;
  return [{ code, system, display: readAttribute(node, 'displayName') }];
}

/**
 * A CD or CE of CDA as R4's CodeableConcept; undefined if it has neither code nor text.
 * @param statement the statement that it is of: its `text` is used where the value has no name
 */
export function readCdConcept(node: Node | undefined, narrative: Narrative, statement?: Node): JsonObject | undefined {
  if (!node) return undefined;
  const translations = findChildren(node, 'translation').flatMap(readCoding);
  const coding = [...readCoding(node), ...translations];
  const own = readText(findFirst(node, 'originalText'), narrative) || readAttribute(node, 'displayName');
  const text = own || (coding.length === 0 ? readText(findFirst(statement, 'text'), narrative) : '');
  if (coding.length === 0 && text === '') return undefined;
  return { ...(coding.length > 0 ? { coding } : {}), ...(text === '' ? {} : { text }) };
}

const TIME = /^(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(\d\d)?(\d\d)?(?:\.\d+)?)?)?)?([+-]\d{4})?$/;

/** A TS of CDA (`20260115103000-0500`) as a dateTime of R4; undefined where it is none. */
export function readTime(value: string): string | undefined {
  const found = TIME.exec(value);
  if (!found) return undefined;
  const [, year = '', month, day, hour, minute = '00', second = '00', zone] = found;
  const date = [year, month, day].filter((part) => part !== undefined).join('-');
  if (hour === undefined || zone === undefined) return date;
  return `${date}T${hour}:${minute}:${second}${zone.slice(0, 3)}:${zone.slice(3)}`;
}

/** A period of CDA. */
export interface Period {
  readonly start: string | undefined;
  readonly end: string | undefined;
  /** It has an end, known or not. */
  readonly isOver: boolean;
}

/** Reads an effectiveTime: one point in time, or an interval; of several the first with a time (a medication's schedule has none). */
export function readPeriod(node: Node): Period {
  for (const time of findChildren(node, 'effectiveTime')) {
    const high = findFirst(time, 'high');
    const at = readTime(readAttribute(time, 'value'));
    const start = readTime(readAttribute(findFirst(time, 'low'), 'value')) ?? at;
    const end = readTime(readAttribute(high, 'value'));
    // "Not applicable": it has no end.
    const isOver =
      high !== undefined && readAttribute(high, 'nullFlavor') !== 'NA' && readAttribute(high, 'nullFlavor') !== 'NI';
    if (start !== undefined || isOver) return { start, end, isOver };
  }
  return { start: undefined, end: undefined, isOver: false };
}

/** Whether an element has a template's id, in any version. */
export const isOfTemplate = (node: Node, root: string): boolean =>
  findChildren(node, 'templateId').some((one) => readAttribute(one, 'root') === root);

/** When it was recorded. */
export const readAuthorTime = (node: Node): string | undefined =>
  readTime(readAttribute(findFirst(node, 'author', 'time'), 'value'));

/** The statements within a statement, by any kind of relationship. */
export function findRelated(node: Node, name: string): Node[] {
  return findChildren(node, 'entryRelationship').flatMap((one) => findChildren(one, name));
}

/** A code as R4's CodeableConcept holds it. */
export const asConcept = (code: string): JsonObject => ({ coding: [{ code }] });
