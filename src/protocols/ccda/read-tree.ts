import { capText } from '../../core/client-text.js';
import { LIMITS } from '../../limits.js';
import { parseXml, rejectXml } from '../input/parse-xml.js';
import { findOwn } from '../../core/find-own.js';

const CDA = 'urn:hl7-org:v3';
/** Extensions of HL7's Structured Documents group: their names are written with `sdtc:` here. */
const SDTC = 'urn:hl7-org:sdtc';
const INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';

/** An element of a document. */
export interface Node {
  /** Local name; `sdtc:name` for one of HL7's extensions. */
  readonly name: string;
  /** By local name; `xsi:type` as such. */
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly children: readonly Node[];
  /** The text directly in it. */
  readonly text: string;
}

interface OpenNode extends Node {
  readonly children: Node[];
  text: string;
}

/**
 * Reads an XML document of CDA into a tree; elements of further namespaces are left out with all that is in them.
 * @throws RequestError `bad-resource`
 */
export function readTree(text: string): Node {
  const open: OpenNode[] = [];
  let root: Node | undefined;
  let foreign = 0;
  const addText = (content: string): void => {
    const node = open.at(-1);
    if (node && foreign === 0) node.text += content;
  };
  const limits = { mostDepth: LIMITS.maxResourceDepth, mostElements: LIMITS.maxResourceElements };
  parseXml(text, limits, {
    openTag: ({ local, uri, attributes }) => {
      if (foreign > 0 || (uri !== CDA && uri !== SDTC)) {
        foreign += 1;
        return;
      }
      const all = Object.values(attributes);
      const values = all.filter(({ prefix, uri: own }) => prefix !== 'xmlns' && (own === '' || own === INSTANCE));
      const node: OpenNode = {
        name: uri === SDTC ? `sdtc:${local}` : local,
        attributes: Object.fromEntries(
          values.map((one) => [one.uri === INSTANCE ? `xsi:${one.local}` : one.local, one.value]),
        ),
        children: [],
        text: '',
      };
      open.at(-1)?.children.push(node);
      root ??= node;
      open.push(node);
    },
    closeTag: () => {
      if (foreign > 0) foreign -= 1;
      else open.pop();
    },
    text: addText,
    cdata: addText,
  });
  if (!root) throw rejectXml('it is no CDA document');
  return root;
}

/** The children of that name. */
export const findChildren = (node: Node | undefined, name: string): Node[] =>
  node?.children.filter((child) => child.name === name) ?? [];

/** The first element along a path of names. */
export function findFirst(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  return path.reduce<Node | undefined>((at, name) => at?.children.find((child) => child.name === name), node);
}

/** An attribute of an element as it is matched; empty where either is missing. */
export const readAttribute = (node: Node | undefined, name: string): string =>
  capText(findOwn(node?.attributes, name)?.trim() ?? '');

/** The text directly in an element as it is matched; empty where there is none. */
export const readOwnText = (node: Node | undefined): string => capText(node?.text.trim() ?? '');

/** Elements of a text that are read at most: no name of a fact has more. */
const MOST_TEXT_NODES = 500;

/** Longer texts name no fact. */
const MOST_TEXT_CHARS = 300;

/** The text in an element, cut where it is too long; several blanks become one. */
export function wholeText(node: Node): string {
  let text = '';
  const open: Node[] = [node];
  for (let nodes = 0; nodes < MOST_TEXT_NODES && text.length < MOST_TEXT_CHARS; nodes += 1) {
    const one = open.pop();
    if (!one) break;
    text += `${one.text.slice(0, MOST_TEXT_CHARS)} `;
    for (const child of one.children.slice(0, MOST_TEXT_NODES).reverse()) open.push(child);
  }
  return text.replace(/\s+/g, ' ').trim().slice(0, MOST_TEXT_CHARS);
}
