import type { CodeSystemId } from './code-systems.js';
import { CODE_SYSTEMS, findCodeSystem } from './code-systems.js';
import type { Steps } from './give-way.js';
import { portionsOf } from './give-way.js';
import type { RequestCoding } from './knowledge-request.js';
import type { Coding, Library } from './library.js';
import { normalizeCode } from './normalize-code.js';

/** One entry of a pasted list: its code, the systems that the code may belong to, and its title. */
export interface ListEntry {
  /** As pasted. */
  readonly text: string;
  /** Empty if no code was found in it. */
  readonly code: string;
  readonly title: string;
  /** Systems that have codes of this form; only the named one if the entry names its system. */
  readonly systems: readonly CodeSystemId[];
  /** The entry names its system. */
  readonly isNamed: boolean;
}

/** An entry and its coding, or the reason why it has none. */
export interface ReadEntry {
  readonly entry: ListEntry;
  readonly coding: RequestCoding | undefined;
  /** `no-code`; `ambiguous`: several systems have this code, and the entry does not name one. */
  readonly fault: 'no-code' | 'ambiguous' | undefined;
  /** The systems that it may belong to, if ambiguous. */
  readonly possible: readonly CodeSystemId[];
}

/** Longer than any title; a longer piece is truncated, so that reading stays cheap. */
const MAX_PIECE_CHARS = 500;
const BULLET = /^\s*(?:[-*•·–]|\d{1,2}[.)])\s+/;
const SYSTEM =
  /^(ICD-?10(?:-?CM)?|ICD-?9(?:-?CM)?|SNOMED(?:[ -]?CT)?|SCT|RXNORM|RXCUI|NDC|LOINC|CPT|CVX|MESH)\b\s*(?:codes?\b)?\s*[:#=|]?\s*/i;
const TOKEN = /^([A-Za-z\d][\w.-]{0,63})(?=$|[\s,;:)\]])/;
/** Names of systems in lists → the name in core/code-systems.ts. */
const NAMES: readonly (readonly [RegExp, CodeSystemId])[] = [
  [/^icd-?10/i, 'icd-10-cm'],
  [/^icd-?9/i, 'icd-9-cm'],
  [/^(snomed|sct)/i, 'snomed-ct'],
  [/^rx/i, 'rxnorm'],
];

const findNamedSystem = (name: string): CodeSystemId | undefined =>
  NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? findCodeSystem(name)?.id;

/** Whether a text without a system name may be a code: it has a digit, and more than two characters or a dot. */
const looksLikeCode = (text: string): boolean => /\d/.test(text) && text.length > 2;

/** Systems with codes of this form. Our drug names have no codes, and WHO's ICD-10 looks like ICD-10-CM. */
function listSystems(text: string): CodeSystemId[] {
  if (!looksLikeCode(text)) return [];
  return CODE_SYSTEMS.flatMap(({ id }) => {
    if (id === 'drug-name' || id === 'icd-10' || normalizeCode(id, text) === undefined) return [];
    // Four or more digits are an ICD-9-CM code only with their dot.
    return id === 'icd-9-cm' && /^\d{4,}$/.test(text) ? [] : [id];
  });
}

/** A text without such marks at its end. A pattern anchored there would be retried at each mark within the text. */
function stripEnd(text: string, mark: RegExp): string {
  let end = text.length;
  while (end > 0 && mark.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

const tidy = (title: string): string => stripEnd(title.replace(/^[\s:,;|()[\]–-]+/, ''), /[\s:,;|([–-]/);

/** Reads a code, with its system's name before it, at the beginning of a text. */
function readCodeAtStart(text: string): Omit<ListEntry, 'text'> | undefined {
  const bar = /^([^\s|]{1,200})\|(\S{1,64})/.exec(text);
  const barred = bar?.[1] === undefined ? undefined : findNamedSystem(bar[1]);
  if (bar && barred) {
    return { code: bar[2] ?? '', title: tidy(text.slice(bar[0].length)), systems: [barred], isNamed: true };
  }
  const prefix = SYSTEM.exec(text);
  const named = prefix?.[1] === undefined ? undefined : findNamedSystem(prefix[1]);
  const rest = prefix && named ? text.slice(prefix[0].length) : text;
  const token = TOKEN.exec(rest)?.[1]?.replace(/[.-]+$/, '');
  if (token === undefined) return undefined;
  const systems = named ? [named] : listSystems(token);
  // A word after a system's name ("SNOMED concept") is not a code.
  if (systems.length === 0 || !/\d/.test(token)) return undefined;
  return { code: token, title: tidy(rest.slice(token.length)), systems, isNamed: named !== undefined };
}

/** Reads a code after its title: in brackets, or as the last word. */
function readCodeAtEnd(text: string): Omit<ListEntry, 'text'> | undefined {
  for (const found of text.matchAll(/[([]([^()[\]]{1,100})[)\]]/g)) {
    const inside = readCodeAtStart((found[1] ?? '').trim());
    if (inside && inside.title === '') return { ...inside, title: tidy(text.slice(0, found.index)) };
  }
  const last = /^(.*\s)(\S+)$/.exec(stripEnd(text, /[.,;:)\]]/));
  const code = last && readCodeAtStart(last[2] ?? '');
  // A number without system after words is more likely a dose or a year than a code.
  if (!last || !code || (!code.isNamed && /^\d+$/.test(code.code))) return undefined;
  const before = tidy(
    (last[1] ?? '').replace(/\b(ICD-?(?:9|10)(?:-?CM)?|SNOMED(?: ?CT)?|LOINC|NDC|CVX|CPT)\s*:?\s*$/i, ''),
  );
  return { ...code, title: before };
}

const toEntry = (text: string, found: Omit<ListEntry, 'text'> | undefined): ListEntry =>
  found ? { text, ...found } : { text, code: '', title: text, systems: [], isNamed: false };

/** Separators within a line, and its end. */
const DIVIDER = /[,;\t]\s*|$/g;

/** Reads a piece of a line as an entry. */
function readPiece(piece: string): ListEntry {
  const text = stripEnd(piece, /[,;\s]/);
  return toEntry(text, readCodeAtStart(text) ?? readCodeAtEnd(text));
}

/**
 * Splits a line into entries: text after a comma or semicolon is a new entry if it begins with a code, else part of the
 * title.
 */
function* readLine(line: string): Generator<ListEntry | undefined> {
  const cut = (from: number, to: number): string => line.slice(from, Math.min(to, from + MAX_PIECE_CHARS));
  let start = -1;
  let from = 0;
  for (const divider of line.matchAll(DIVIDER)) {
    const part = cut(from, divider.index).trim();
    const isNew = part !== '' && (start < 0 || readCodeAtStart(part) !== undefined);
    yield isNew && start >= 0 ? readPiece(cut(start, from)) : undefined;
    if (isNew) start = from;
    from = divider.index + divider[0].length;
  }
  if (start >= 0) yield readPiece(cut(start, line.length));
}

/**
 * Reads a pasted list of codes: one per line or several separated by commas or semicolons, each with or without its
 * system's name (`ICD-10: I10`, `http://loinc.org|4548-4`) and its title, before or after the code.
 * Lazy: reads only as far as the caller iterates. Each line and each part of one is a step; undefined is a step that
 * completes no entry.
 */
export function* readPastedList(text: string): Generator<ListEntry | undefined> {
  for (const [raw] of text.matchAll(/[^\r\n]+/g)) {
    const line = raw.trimStart().replace(BULLET, '').trim();
    if (line === '') yield undefined;
    else yield* readLine(line);
  }
}

/**
 * The only system with codes of this form: digits are an ICD-9-CM code only with their dot, and MeSH's look like
 * ICD-10-CM's.
 */
function findOnlySystem({ systems, code }: ListEntry): CodeSystemId | undefined {
  if (systems.length === 1) return systems[0];
  if (systems.includes('mesh')) return undefined;
  return systems.find((id) => id === 'icd-10-cm' || id === 'loinc' || (id === 'icd-9-cm' && /[.VE]/i.test(code)));
}

/** Codings per request to the library. */
const CODINGS_A_STEP = 40;

const buildKey = ({ system, code }: Coding): string => `${system}|${code}`;

function listCodings({ systems, code }: ListEntry): Coding[] {
  return systems.flatMap((system) => {
    const normalized = normalizeCode(system, code);
    return normalized === undefined ? [] : [{ system, code: normalized }];
  });
}

/** The codings for which the library has a title or a row. */
function findKnown(requested: readonly Coding[], library: Library): Set<string> {
  if (requested.length === 0) return new Set();
  const concepts = library.findConcepts(requested);
  const rows = library.findMappings(requested);
  const own = rows.flatMap(({ input, levels, crossings }) =>
    levels + crossings === 0 ? (requested[input] ?? []) : [],
  );
  return new Set([...concepts, ...own].map(buildKey));
}

/**
 * Resolves the system of each code: the named one, the only possible one, else the only one in which the library knows
 * the code. A code known in several systems or in none is ambiguous: a guess could lead to another disease's page.
 */
export function* resolveList(entries: readonly ListEntry[], library: Library): Steps<ReadEntry[]> {
  const resolved: ReadEntry[] = [];
  for (const portion of portionsOf(entries, CODINGS_A_STEP, ({ systems }) => Math.max(1, systems.length))) {
    resolved.push(...resolvePortion(portion, library));
    yield;
  }
  return resolved;
}

function resolvePortion(entries: readonly ListEntry[], library: Library): ReadEntry[] {
  const open = entries.filter((entry) => entry.systems.length > 0 && findOnlySystem(entry) === undefined);
  const known = findKnown(open.flatMap(listCodings), library);
  return entries.map((entry): ReadEntry => {
    const { code, systems, title } = entry;
    if (systems.length === 0) return { entry, coding: undefined, fault: 'no-code', possible: [] };
    const found = listCodings(entry).filter((coding) => known.has(buildKey(coding)));
    const system = findOnlySystem(entry) ?? (found.length === 1 ? found[0]?.system : undefined);
    if (!system) {
      const possible = found.length > 0 ? found.map((coding) => coding.system) : systems;
      return { entry, coding: undefined, fault: 'ambiguous', possible };
    }
    const coding = { system, systemSent: system, code, display: title, userSelected: false };
    return { entry, coding, fault: undefined, possible: [] };
  });
}
