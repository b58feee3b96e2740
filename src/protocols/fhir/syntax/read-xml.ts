import { parseXml, rejectXml } from '../../input/parse-xml.js';
import { isResourceType, getStructure, type Property, type Structure } from './structure.js';
import { isNumberType, isPrimitiveType } from './primitives.js';
import { findOwn } from '../../../core/find-own.js';

const FHIR = 'http://hl7.org/fhir';
const XHTML = 'http://www.w3.org/1999/xhtml';

/** An element as it was sent; of XHTML, the text from its first tag to its last. */
interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** By their names: one element may have half a million, which are grouped as they come. */
  readonly children: Map<string, Node[]>;
  readonly xhtml: string | undefined;
}

interface OpenNode extends Node {
  xhtml: string | undefined;
  readonly start: number;
}

type Json = Record<string, unknown>;

function addChild(parent: Node | undefined, child: Node): void {
  const same = parent?.children.get(child.name);
  if (same) same.push(child);
  else parent?.children.set(child.name, [child]);
}

/** Makes the tree of an XML document. */
function readTree(text: string, mostDepth: number, mostElements: number): Node {
  const open: OpenNode[] = [];
  let root: Node | undefined;
  let inXhtml = 0;
  parseXml(
    text,
    { mostDepth, mostElements },
    {
      openTag: ({ local, uri, attributes }, position) => {
        if (inXhtml > 0 || (uri === XHTML && local === 'div')) inXhtml++;
        else if (uri !== FHIR) throw rejectXml(`its namespace is not ${FHIR}`);
        const values = Object.values(attributes).filter(({ prefix }) => prefix !== 'xmlns');
        const node: OpenNode = {
          name: local,
          attributes: Object.fromEntries(values.filter((one) => one.uri === '').map((one) => [one.local, one.value])),
          children: new Map(),
          xhtml: undefined,
          // No attribute holds a `<`: the last one began this tag.
          start: text.lastIndexOf('<', position - 1),
        };
        if (inXhtml <= 1) addChild(open.at(-1), node);
        root ??= node;
        open.push(node);
      },
      closeTag: (position) => {
        const node = open.pop();
        if (node && inXhtml > 0 && --inXhtml === 0) node.xhtml = text.slice(node.start, position);
      },
      text: (content) => {
        if (inXhtml === 0 && content.trim() !== '') throw rejectXml('there is text between its elements');
      },
    },
  );
  if (!root) throw rejectXml('it is empty');
  return root;
}

function toPrimitive(type: string, text: string): unknown {
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (!isNumberType(type)) return text;
  return /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : text;
}

/** Beside a primitive's value: its id and its extensions; undefined where there are none. */
function walkBeside({ attributes, children }: Node): Json | undefined {
  const { id } = attributes;
  if (id === undefined && children.size === 0) return undefined;
  const alone = { name: '', attributes: id === undefined ? {} : { id }, children, xhtml: undefined };
  return walkObject(alone, getStructure('Element'));
}

function walkPrimitives(into: Json, { name, type, multiple }: Property, nodes: readonly Node[]): void {
  const values: unknown[] = [];
  const extras: unknown[] = [];
  for (const node of nodes) {
    const { value } = node.attributes;
    values.push(value === undefined ? null : toPrimitive(type, value));
    extras.push(walkBeside(node) ?? null);
  }
  const isThere = (one: unknown): boolean => one !== null;
  if (values.some(isThere)) into[name] = multiple ? values : values[0];
  if (extras.some(isThere)) into[`_${name}`] = multiple ? extras : extras[0];
}

function walkComplex({ type, structure, name }: Property, node: Node): unknown {
  if (type === 'xhtml') return node.xhtml;
  if (structure) return walkObject(node, structure());
  const [[resource, another] = [], others] = node.children.values();
  if (!resource || another || others) throw rejectXml(`${name} must hold one resource`);
  return walkResource(resource);
}

function walkObject(node: Node, { properties, isResource }: Structure): Json {
  const object: Json = {};
  const sentBy = new Map(node.children);
  for (const property of properties) {
    const { name, type, multiple } = property;
    const sent = isResource ? undefined : findOwn(node.attributes, name);
    if (sent !== undefined && (name === 'id' || name === 'url')) object[name] = sent;
    const nodes = sentBy.get(name);
    if (!nodes) continue;
    sentBy.delete(name);
    if (nodes.length > 1 && !multiple) throw rejectXml(`there is more than one ${name}`);
    if (isPrimitiveType(type)) walkPrimitives(object, property, nodes);
    else {
      const values: unknown[] = [];
      for (const one of nodes) values.push(walkComplex(property, one));
      object[name] = multiple ? values : values[0];
    }
  }
  if (sentBy.size > 0) throw rejectXml(`it has elements that R4 does not know in their place`);
  return object;
}

function walkResource(node: Node): Json {
  if (!isResourceType(node.name)) throw rejectXml('it is no resource of R4');
  return { resourceType: node.name, ...walkObject(node, getStructure(node.name)) };
}

/**
 * Reads a resource from XML (R4 xml, 2.6.1) as its JSON has it.
 * @param mostElements elements and attributes
 * @throws RequestError `bad-resource`, also for a DOCTYPE
 */
export function readResourceXml(text: string, mostDepth: number, mostElements = Infinity): unknown {
  const root = readTree(text.replace(/^\uFEFF/, ''), mostDepth, mostElements);
  return walkResource(root);
}
