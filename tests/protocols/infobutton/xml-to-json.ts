import type { SaxesTagNS } from 'saxes';
import { SaxesParser } from 'saxes';

type Json = { [member: string]: Json | Json[] | string };

/** Elements that hold text, be it empty. */
const TEXTS = new Set(
  'title subtitle updated id name uri email summary content published rights generator icon'.split(' '),
);

export interface JsonRules {
  /** Names of the elements that may stand several times: always an array. */
  readonly lists: ReadonlySet<string>;
  /** Members that a root has even where no such element stands in it. */
  readonly always: readonly string[];
  /** Whether a declared prefix counts as an attribute (MedlinePlus Connect writes `xsi`). */
  readonly prefixes: boolean;
}

function attributesOf(tag: SaxesTagNS, rules: JsonRules): Json {
  const members: Json = {};
  for (const { name, prefix, local, value } of Object.values(tag.attributes)) {
    if (name === 'xmlns') continue;
    if (prefix !== 'xmlns' || rules.prefixes) members[local] = value;
  }
  return members;
}

function put(parent: Json, name: string, value: Json, { lists }: JsonRules): void {
  if (!lists.has(name)) parent[name] = value;
  else if (Array.isArray(parent[name])) parent[name].push(value);
  else parent[name] = [value];
}

/**
 * A knowledge response's JSON by the standard's rules, made from its XML by another hand than the connector's: an element
 * is an object, its text is `_value`, its attributes are members without their namespace, what may repeat is an array.
 */
export function jsonFromXml(xml: string, rules: JsonRules): Json {
  const document: Json = {};
  const open: { name: string; value: Json; text: string }[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    open.push({ name: tag.local, value: attributesOf(tag, rules), text: '' });
  });
  parser.on('text', (text) => {
    const top = open.at(-1);
    if (top) top.text += text;
  });
  parser.on('closetag', () => {
    const closed = open.pop();
    if (!closed) return;
    const { name, value, text } = closed;
    if (TEXTS.has(name)) value._value = text;
    if (name === 'feed') for (const member of rules.always) value[member] ??= [];
    const parent = open.at(-1);
    if (parent) put(parent.value, name, value, rules);
    else document[name] = value;
  });
  parser.write(xml).close();
  return document;
}
