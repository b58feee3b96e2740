import type { CodeSystemId } from './code-systems.js';
import { CODE_SYSTEMS, findCodeSystem } from './code-systems.js';
import type { Steps } from './give-way.js';
import { portionsOf } from './give-way.js';
import type { RequestCoding } from './knowledge-request.js';
import type { Coding, Library } from './library.js';
import { normalizeCode } from './normalize-code.js';

/** One entry of a list as it was pasted: the code it names, in the systems that it may be of, and its title. */
export interface ListEntry {
  /** As it was pasted. */
  readonly text: string;
  /** Empty where no code was found in it. */
  readonly code: string;
  readonly title: string;
  /** Systems that have codes of this form; the one it names where it names one. */
  readonly systems: readonly CodeSystemId[];
  /** The entry names its system itself. */
  readonly isNamed: boolean;
}

/** An entry and its coding; without one, why. */
export interface ReadEntry {
  readonly entry: ListEntry;
  readonly coding: RequestCoding | undefined;
  /** `no-code`; `ambiguous`: several systems know this code, and it does not say which is meant. */
  readonly fault: 'no-code' | 'ambiguous' | undefined;
  /** The systems that it may be of, where that is not plain. */
  readonly possible: readonly CodeSystemId[];
}

/** Longer than any title; what is longer is cut, so that reading stays cheap. */
const MAX_PIECE_CHARS = 500;
const BULLET = /^\s*(?:[-*•·–]|\d{1,2}[.)])\s+/;
const SYSTEM =
  /^(ICD-?10(?:-?CM)?|ICD-?9(?:-?CM)?|SNOMED(?:[ -]?CT)?|SCT|RXNORM|RXCUI|NDC|LOINC|CPT|CVX|MESH)\b\s*(?:codes?\b)?\s*[:#=|]?\s*/i;
const TOKEN = /^([A-Za-z\d][\w.-]{0,63})(?=$|[\s,;:)\]])/;
/** How a list names systems → the name under which core/code-systems.ts knows them. */
const NAMES: readonly (readonly [RegExp, CodeSystemId])[] = [
  [/^icd-?10/i, 'icd-10-cm'],
  [/^icd-?9/i, 'icd-9-cm'],
  [/^(snomed|sct)/i, 'snomed-ct'],
  [/^rx/i, 'rxnorm'],
];

const systemOf = (name: string): CodeSystemId | undefined =>
  NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? findCodeSystem(name)?.id;

/** Whether a text without its system's name may be a code: it has a digit, and more than two characters or a dot. */
const looksLikeCode = (text: string): boolean => /\d/.test(text) && text.length > 2;

/** Systems of which a text may be a code. Our drug names are none, and WHO's ICD-10 looks like ICD-10-CM. */
function systemsOf(text: string): CodeSystemId[] {
  if (!looksLikeCode(text)) return [];
  return CODE_SYSTEMS.flatMap(({ id }) => {
    if (id === 'drug-name' || id === 'icd-10' || normalizeCode(id, text) === undefined) return [];
    // Four plain digits and more are an ICD-9-CM code only with their dot.
    return id === 'icd-9-cm' && /^\d{4,}$/.test(text) ? [] : [id];
  });
}

/** A text without such marks at its end. A pattern that ends there would be tried anew at each mark within the text. */
function withoutEnd(text: string, mark: RegExp): string {
  let end = text.length;
  while (end > 0 && mark.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

const tidy = (title: string): string => withoutEnd(title.replace(/^[\s:,;|()[\]–-]+/, ''), /[\s:,;|([–-]/);

/** A code at the beginning of a text, with the system that stands before it. */
function codeAt(text: string): Omit<ListEntry, 'text'> | undefined {
  const bar = /^([^\s|]{1,200})\|(\S{1,64})/.exec(text);
  const barred = bar?.[1] === undefined ? undefined : systemOf(bar[1]);
  if (bar && barred) {
    return { code: bar[2] ?? '', title: tidy(text.slice(bar[0].length)), systems: [barred], isNamed: true };
  }
  const prefix = SYSTEM.exec(text);
  const named = prefix?.[1] === undefined ? undefined : systemOf(prefix[1]);
  const rest = prefix && named ? text.slice(prefix[0].length) : text;
  const token = TOKEN.exec(rest)?.[1]?.replace(/[.-]+$/, '');
  if (token === undefined) return undefined;
  const systems = named ? [named] : systemsOf(token);
  // A word behind a system's name ("SNOMED concept") is no code.
  if (systems.length === 0 || !/\d/.test(token)) return undefined;
  return { code: token, title: tidy(rest.slice(token.length)), systems, isNamed: named !== undefined };
}

/** A code behind its title: in brackets, or as the last word. */
function codeBehind(text: string): Omit<ListEntry, 'text'> | undefined {
  for (const found of text.matchAll(/[([]([^()[\]]{1,100})[)\]]/g)) {
    const inside = codeAt((found[1] ?? '').trim());
    if (inside && inside.title === '') return { ...inside, title: tidy(text.slice(0, found.index)) };
  }
  const last = /^(.*\s)(\S+)$/.exec(withoutEnd(text, /[.,;:)\]]/));
  const code = last && codeAt(last[2] ?? '');
  // A bare number behind words is a dose or a year before it is a code.
  if (!last || !code || (!code.isNamed && /^\d+$/.test(code.code))) return undefined;
  const before = tidy(
    (last[1] ?? '').replace(/\b(ICD-?(?:9|10)(?:-?CM)?|SNOMED(?: ?CT)?|LOINC|NDC|CVX|CPT)\s*:?\s*$/i, ''),
  );
  return { ...code, title: before };
}

const toEntry = (text: string, found: Omit<ListEntry, 'text'> | undefined): ListEntry =>
  found ? { text, ...found } : { text, code: '', title: text, systems: [], isNamed: false };

/** What divides a line, and its end. */
const DIVIDER = /[,;\t]\s*|$/g;

/** A piece of a line as an entry. */
function readPiece(piece: string): ListEntry {
  const text = withoutEnd(piece, /[,;\s]/);
  return toEntry(text, codeAt(text) ?? codeBehind(text));
}

/** A line's entries: what stands behind a comma or a semicolon is a new one where it begins with a code, else more of the title. */
function* readLine(line: string): Generator<ListEntry | undefined> {
  const cut = (from: number, to: number): string => line.slice(from, Math.min(to, from + MAX_PIECE_CHARS));
  let start = -1;
  let from = 0;
  for (const divider of line.matchAll(DIVIDER)) {
    const part = cut(from, divider.index).trim();
    const isNew = part !== '' && (start < 0 || codeAt(part) !== undefined);
    yield isNew && start >= 0 ? readPiece(cut(start, from)) : undefined;
    if (isNew) start = from;
    from = divider.index + divider[0].length;
  }
  if (start >= 0) yield readPiece(cut(start, line.length));
}

/**
 * Reads a list of codes as people paste it: one a line or several with commas or semicolons between, each with or without its
 * system's name (`ICD-10: I10`, `http://loinc.org|4548-4`) and its title, before or behind the code.
 * Reads no further than it is asked to. Each line and each part of one is a step; undefined is a step that ends no entry.
 */
export function* readPastedList(text: string): Generator<ListEntry | undefined> {
  for (const [raw] of text.matchAll(/[^\r\n]+/g)) {
    const line = raw.trimStart().replace(BULLET, '').trim();
    if (line === '') yield undefined;
    else yield* readLine(line);
  }
}

/** The system whose codes alone look so: a number is an ICD-9-CM code only with its dot, and MeSH's look like ICD-10-CM's. */
function plainSystem({ systems, code }: ListEntry): CodeSystemId | undefined {
  if (systems.length === 1) return systems[0];
  if (systems.includes('mesh')) return undefined;
  return systems.find((id) => id === 'icd-10-cm' || id === 'loinc' || (id === 'icd-9-cm' && /[.VE]/i.test(code)));
}

/** Codings that are asked of the library in one step. */
const CODINGS_A_STEP = 40;

const keyOf = ({ system, code }: Coding): string => `${system}|${code}`;

function codingsOf({ systems, code }: ListEntry): Coding[] {
  return systems.flatMap((system) => {
    const normalized = normalizeCode(system, code);
    return normalized === undefined ? [] : [{ system, code: normalized }];
  });
}

/** Those of the codings of which the library knows a title or has a row. */
function knownAmong(asked: readonly Coding[], library: Library): Set<string> {
  if (asked.length === 0) return new Set();
  const concepts = library.findConcepts(asked);
  const rows = library.findMappings(asked);
  const own = rows.flatMap(({ input, levels, crossings }) => (levels + crossings === 0 ? (asked[input] ?? []) : []));
  return new Set([...concepts, ...own].map(keyOf));
}

/**
 * Says of which system each code is: the one named, the one that it can only be of, else the one that the library knows it
 * in. A code that several know, or none, is told as ambiguous: a guess could lead to another disease's page.
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
  const open = entries.filter((entry) => entry.systems.length > 0 && plainSystem(entry) === undefined);
  const known = knownAmong(open.flatMap(codingsOf), library);
  return entries.map((entry): ReadEntry => {
    const { code, systems, title } = entry;
    if (systems.length === 0) return { entry, coding: undefined, fault: 'no-code', possible: [] };
    const found = codingsOf(entry).filter((coding) => known.has(keyOf(coding)));
    const system = plainSystem(entry) ?? (found.length === 1 ? found[0]?.system : undefined);
    if (!system) {
      const possible = found.length > 0 ? found.map((coding) => coding.system) : systems;
      return { entry, coding: undefined, fault: 'ambiguous', possible };
    }
    const coding = { system, systemSent: system, code, display: title, userSelected: false };
    return { entry, coding, fault: undefined, possible: [] };
  });
}
