import { ImportError, type InputFile } from '../import-source.js';
import { readWhole } from './read-text.js';
import { readXml, type XmlEvent } from './read-xml.js';

/** A part of a condition's page: its text is HTML, or plain in the file of 2020. */
interface ConditionPart {
  /** `description`, `frequency`, `causes`, `inheritance`; empty if the file names none. */
  role: string;
  html?: string;
  text?: string;
}

/** A condition as NLM's files have it. */
export interface Condition {
  /** Line of its file; 0 in JSON. */
  readonly line: number;
  name: string;
  url: string;
  readonly synonyms: string[];
  readonly parts: ConditionPart[];
  readonly codes: { db: string; key: string }[];
}

const createCondition = (line: number): Condition => ({
  line,
  name: '',
  url: '',
  synonyms: [],
  parts: [],
  codes: [],
});

/** More than all conditions in one file have. */
const MAX_JSON_CHARS = 100_000_000;

/** Keys have been spelt with hyphens and with underscores: `ghr-page`, `ghr_page`. */
const spellKey = (key: string): string => key.replaceAll('_', '-');

type Value = Readonly<Record<string, unknown>>;
const toObject = (value: unknown): Value =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [spellKey(key), one]))
    : {};
const toList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const toText = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

function readJsonCondition(value: unknown): Condition {
  const { name, 'ghr-page': url, 'synonym-list': synonyms, 'text-list': texts, 'db-key-list': keys } = toObject(value);
  return {
    ...createCondition(0),
    name: toText(name),
    url: toText(url),
    synonyms: toList(synonyms).map((one) => toText(toObject(one)['synonym'])),
    parts: toList(texts).map((one) => {
      const { 'text-role': role, html } = toObject(toObject(one)['text']);
      return { role: toText(role), html: toText(html) };
    }),
    codes: toList(keys).map((one) => {
      const { db, key } = toObject(toObject(one)['db-key']);
      return { db: toText(db), key: toText(key) };
    }),
  };
}

/** Reads a JSON file of one condition, or of a list of them. @throws ImportError if it is no JSON, or too large */
export async function* readJsonConditions(file: InputFile): AsyncGenerator<Condition> {
  const text = await readWhole(file, MAX_JSON_CHARS);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ImportError(`${file.label} is not JSON: ${(cause as Error).message}`, { cause });
  }
  for (const one of Array.isArray(value) ? value : [value]) yield readJsonCondition(one);
}

/** The element of a condition: in the file of all, in a file of its own, in the file of 2020. */
const CONDITIONS = [
  'summaries/health-condition-summary',
  'health-condition-summary',
  'MedlinePlusConditions/item',
] as const;
const ROOTS: ReadonlySet<string> = new Set(CONDITIONS.map((path) => path.split('/')[0] ?? ''));
/** Parts of a page that are elements of their own in the file of 2020. */
const PLAIN_PARTS: ReadonlySet<string> = new Set(['description', 'frequency', 'causes', 'inheritance']);

/** Takes the text of an element below a condition's. */
function addText(condition: Condition, place: string, text: string): void {
  const part = condition.parts.at(-1);
  const code = condition.codes.at(-1);
  if (place === 'name' || place === 'term') condition.name = text.trim();
  else if (place === 'ghr-page' || place === 'url') condition.url = text.trim();
  else if (place === 'synonym-list/synonym' || place === 'synonyms/item') condition.synonyms.push(text.trim());
  else if (PLAIN_PARTS.has(place)) condition.parts.push({ role: place, text: text.trim() });
  else if (place === 'text-list/text/text-role' && part) part.role = text.trim();
  else if (place === 'text-list/text/html' && part) part.html = text.trim();
  else if (place === 'db-key-list/db-key/db' && code) code.db = text.trim();
  else if (place === 'db-key-list/db-key/key' && code) code.key = text.trim();
}

/** Creates a reader that assembles conditions from a document's events: it returns one when its element closes. */
function createConditionReader(): (event: XmlEvent) => Condition | undefined {
  let condition: Condition | undefined;
  let root = '';
  return (event) => {
    const { path, kind } = event;
    if (condition === undefined) {
      if (kind !== 'open' || !CONDITIONS.some((known) => known === path)) return undefined;
      condition = createCondition(event.line);
      root = path;
      return undefined;
    }
    if (path === root) {
      if (kind !== 'close') return undefined;
      const read = condition;
      condition = undefined;
      return read;
    }
    const place = spellKey(path.slice(root.length + 1));
    if (kind === 'text') addText(condition, place, event.text);
    else if (kind === 'open' && place === 'text-list/text') condition.parts.push({ role: '' });
    else if (kind === 'open' && place === 'db-key-list/db-key') condition.codes.push({ db: '', key: '' });
    return undefined;
  };
}

/** Reads the conditions of an XML file. @throws ImportError if it is malformed, or of another kind */
export async function* readXmlConditions(file: InputFile): AsyncGenerator<Condition> {
  const read = createConditionReader();
  let isFirst = true;
  for await (const events of readXml(file)) {
    for (const event of events) {
      if (isFirst && !ROOTS.has(event.name))
        throw new ImportError(`${file.label} is not XML of MedlinePlus Genetics: its root element is ${event.name}`);
      isFirst = false;
      const condition = read(event);
      if (condition) yield condition;
    }
  }
}
