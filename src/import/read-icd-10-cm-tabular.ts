import { normalizeCode } from '../core/codes/normalize-code.js';
import type { ConceptFacts } from '../build/source.js';
import { ImportError, type ImportLog, type InputFile } from './import-source.js';
import { readXml, type XmlEvent } from './read/read-xml.js';

/** Concepts of a portion of the tabular list. */
export interface TabularPortion {
  /** Chapters (`1` … `22`) and blocks (`A00-A09`). */
  readonly headings: readonly ConceptFacts[];
  /** Categories and all codes below them, including those with a seventh character. */
  readonly codes: readonly ConceptFacts[];
}

/** Seventh characters that do not apply to some codes of a category. */
interface Exception {
  readonly characters: readonly string[];
  readonly sixthCharacters: readonly string[];
}

/** A `diag` element while it is open. */
interface Diag {
  readonly line: number;
  /** The code above it, or its block or chapter. */
  readonly parent: string | undefined;
  code: string | undefined;
  title: string;
  names: string[];
  isLeaf: boolean;
  /**
   * Seventh characters of the codes below, each with its meaning: its own, or those of the nearest ancestor that has
   * any.
   */
  extensions: ReadonlyMap<string, string>;
  ownExtensions: Map<string, string> | undefined;
  exception: Exception | undefined;
}

const LONGEST_CODE = 7;

const toOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** `Intestinal infectious diseases (A00-A09)` without the range, which is its code. */
const stripRange = (title: string): string => title.replace(/ \([A-Z]\w\w(-[A-Z]\w\w)?\)$/, '');

/** "7th characters D and S do not apply to codes in category S06 with 6th character 7 - death …, or 8 - death …" */
function toException(note: string): Exception | undefined {
  const [characters = '', codes = ''] = note.split(/ do(?:es)? not apply /);
  const sixth = codes.split(/ 6th characters? /)[1];
  if (sixth === undefined || !/^7th characters? /.test(characters)) return undefined;
  return { characters: characters.match(/\b[0-9A-Z]\b/g) ?? [], sixthCharacters: sixth.match(/\b\d\b/g) ?? [] };
}

/**
 * The codes made by adding seventh characters to a code, with `X` as a placeholder: S52.521 → S52.521A, O40.1 →
 * O40.1XX0.
 */
function extend(code: string, { title, extensions, exception }: Diag): ConceptFacts[] {
  const padded = code.replace('.', '').padEnd(LONGEST_CODE - 1, 'X');
  const isExcepted = exception?.sixthCharacters.includes(padded.slice(-1)) ?? false;
  return [...extensions].flatMap(([character, meaning]) => {
    const extended = normalizeCode('icd-10-cm', padded + character);
    if (extended === undefined || (isExcepted && exception?.characters.includes(character))) return [];
    return [toConcept(extended, `${title}, ${meaning}`, code, true)];
  });
}

function toConcept(
  code: string,
  title: string,
  parent: string | undefined,
  billable: boolean | undefined,
  names: readonly string[] = [],
): ConceptFacts {
  const others = [...new Set(names)].filter((name) => name !== title);
  return { system: 'icd-10-cm', code, title, parent, billable, active: true, names: others };
}

/** Reads the tabular list's events and returns the concepts that they complete. */
class TabularReader {
  readonly #label: string;
  readonly #log: ImportLog;
  readonly #open: Diag[] = [];
  readonly #known = new Set<string>();
  #chapter = '';
  #block: string | undefined;
  /** The seventh character of the `extension` that is open. */
  #character = '';
  #headings: ConceptFacts[] = [];
  #codes: ConceptFacts[] = [];

  constructor(label: string, log: ImportLog) {
    this.#label = label;
    this.#log = log;
  }

  /** @throws ImportError if it is another document */
  read(events: readonly XmlEvent[]): TabularPortion {
    for (const event of events) {
      if (!event.path.startsWith('ICD10CM.tabular')) {
        throw new ImportError(`${this.#label} is not an ICD-10-CM tabular list: its root element is ${event.name}`);
      }
      if (event.kind === 'open') this.#begin(event.name, event.attributes, event.line);
      else if (event.kind === 'text') this.#take(event.path, event.text);
      else if (event.name === 'diag') this.#endDiag();
    }
    const portion = { headings: this.#headings, codes: this.#codes };
    this.#headings = [];
    this.#codes = [];
    return portion;
  }

  #begin(name: string, attributes: Readonly<Record<string, string>>, line: number): void {
    if (name === 'chapter') this.#block = undefined;
    // A block of one category has that category's code: the category stands for both.
    else if (name === 'section') this.#block = attributes['id']?.includes('-') ? attributes['id'] : undefined;
    else if (name === 'extension') this.#character = attributes['char'] ?? '';
    else if (name === 'diag') this.#beginDiag(line);
  }

  #beginDiag(line: number): void {
    const above = this.#open.at(-1);
    if (above) above.isLeaf = false;
    this.#open.push({
      line,
      parent: above ? above.code : (this.#block ?? this.#chapter),
      code: undefined,
      title: '',
      names: [],
      isLeaf: true,
      extensions: above?.extensions ?? new Map(),
      ownExtensions: undefined,
      exception: above?.exception,
    });
  }

  #take(path: string, text: string): void {
    const diag = this.#open.at(-1);
    if (!diag) this.#takeHeading(path, toOneLine(text));
    else if (path.endsWith('/diag/name')) this.#addName(diag, toOneLine(text));
    else if (path.endsWith('/diag/desc')) diag.title = toOneLine(text);
    else if (path.endsWith('/diag/inclusionTerm/note')) diag.names.push(toOneLine(text));
    else if (path.endsWith('/diag/sevenChrDef/extension')) {
      diag.ownExtensions ??= new Map();
      diag.extensions = diag.ownExtensions;
      // "… type I or II/ initial encounter for open fracture NOS" repeats it after the slash.
      diag.ownExtensions.set(this.#character, toOneLine(text.split(/\/\s/)[0] ?? ''));
    } else if (path.endsWith('/note')) diag.exception = toException(toOneLine(text)) ?? diag.exception;
  }

  #addName(diag: Diag, name: string): void {
    diag.code = normalizeCode('icd-10-cm', name);
    if (diag.code === undefined) this.#log.reject(this.#label, diag.line, `${name} is not an ICD-10-CM code`);
  }

  #takeHeading(path: string, text: string): void {
    if (path.endsWith('/chapter/name')) this.#chapter = text;
    else if (path.endsWith('/chapter/desc')) this.#addHeading(this.#chapter, text, undefined);
    else if (path.endsWith('/section/desc') && this.#block) this.#addHeading(this.#block, text, this.#chapter);
  }

  #addHeading(code: string, title: string, parent: string | undefined): void {
    this.#headings.push(toConcept(code, stripRange(title), parent, undefined));
  }

  #endDiag(): void {
    const diag = this.#open.pop();
    this.#log.read(1);
    if (diag?.code === undefined) return;
    const { code, title, parent, names, isLeaf, line } = diag;
    const above = this.#open.at(-1);
    if (code === above?.code) {
      // The X of J09.X is a placeholder: normalizeCode writes it J09, and its names apply to J09.
      above.names.push(title, ...names);
      return;
    }
    if (this.#known.has(code)) {
      this.#log.reject(this.#label, line, `${code} is a duplicate`);
      return;
    }
    this.#known.add(code);
    const extended = isLeaf && code.replace('.', '').length < LONGEST_CODE ? extend(code, diag) : [];
    this.#codes.push(toConcept(code, title, parent, isLeaf && extended.length === 0, names), ...extended);
  }
}

/**
 * Reads the ICD-10-CM tabular list as published by NCHS: `chapter` > `section` > nested `diag`, each with `name` and
 * `desc`. Seventh characters are defined once, in `sevenChrDef`, for all codes below: a code without children gets
 * them.
 * @see https://www.cdc.gov/nchs/icd/icd-10-cm/files.html, icd10cm-tabular.xsd
 * @throws ImportError if it is another document, malformed or not closed
 */
export async function* readTabular(file: InputFile, log: ImportLog): AsyncGenerator<TabularPortion> {
  const reader = new TabularReader(file.label, log);
  for await (const events of readXml(file)) yield reader.read(events);
}
