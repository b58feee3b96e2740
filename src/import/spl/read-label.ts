import { SaxesParser } from 'saxes';
import { ImportError, type InputFile } from '../import-source.js';
import { readText } from '../read/read-text.js';
import { LabelFactsReader } from './label-facts.js';
import type { LeafletKind } from '../../core/leaflets/leaflet.js';
import { findLeafletKind, type Label, type PatientSection } from './label.js';
import { SectionWriter } from './section-writer.js';

/** Deeper nesting than in any label. */
const MAX_DEPTH = 200;
/** Many times the longest label: a longer file is another thing. */
const MAX_CHARS = 60_000_000;
/** Words of which a Spanish text is full, and an English one has none. */
const SPANISH = new Set(['de', 'la', 'el', 'que', 'los', 'las', 'en', 'con', 'para', 'por', 'una', 'su', 'del']);
const SPANISH_SHARE = 0.1;

interface OpenSection {
  readonly depth: number;
  kind: LeafletKind | undefined;
  /** Sections around it within the patient's section; undefined in the prescriber's. */
  level: number | undefined;
}

/** A patient's section that is being written. */
interface Writing {
  readonly kind: LeafletKind;
  readonly writer: SectionWriter;
}

type Attributes = Readonly<Record<string, string>>;

/** Reads the events of one label. */
class LabelReader {
  readonly #facts = new LabelFactsReader();
  readonly #path: string[] = [];
  readonly #sections: OpenSection[] = [];
  readonly #written: Writing[] = [];
  /** Depth of the title or text that is being written; 0: none. */
  #writingFrom = 0;
  readonly #pictures = new Map<string, string>();
  #picture: string | undefined;

  get #writer(): SectionWriter | undefined {
    return this.#writingFrom > 0 ? this.#written.at(-1)?.writer : undefined;
  }

  start(name: string, attributes: Attributes): void {
    const parent = this.#path.at(-1) ?? '';
    this.#path.push(name);
    if (this.#path.length > MAX_DEPTH) throw new Error('it is nested too deeply');
    const writer = this.#writer;
    if (writer) {
      writer.start(name, attributes, parent);
      return;
    }
    if (this.#path.length === 1 && name !== 'document')
      throw new RangeError(`its root element is ${name}, not document`);
    if (name === 'section') this.#sections.push({ depth: this.#path.length, kind: undefined, level: undefined });
    else if (parent === 'section') this.#startInSection(name, attributes);
    else if (name === 'observationMedia') this.#picture = attributes.ID;
    this.#facts.start(this.#path, attributes);
  }

  #startInSection(name: string, { code = '' }: Attributes): void {
    const section = this.#sections.at(-1);
    if (!section || section.depth !== this.#path.length - 1) return;
    if (name === 'code') this.#startSection(section, code);
    const writer = this.#written.at(-1)?.writer;
    if (section.level === undefined || !writer || (name !== 'title' && name !== 'text')) return;
    this.#writingFrom = this.#path.length;
    if (name === 'title') writer.startTitle(section.level);
    else writer.startPlain();
  }

  /** A section in a patient's section is part of it, whatever its code is. */
  #startSection(section: OpenSection, code: string): void {
    const above = this.#sections.at(-2);
    if (above?.level !== undefined) {
      section.level = above.level + 1;
      return;
    }
    const kind = findLeafletKind(code);
    if (kind === undefined) return;
    section.level = 0;
    this.#written.push({ kind, writer: new SectionWriter() });
  }

  text(text: string): void {
    const writer = this.#writer;
    if (writer) writer.text(text);
    else if (this.#picture !== undefined && this.#path.at(-1) === 'text')
      this.#pictures.set(this.#picture, (this.#pictures.get(this.#picture) ?? '') + text);
    else this.#facts.text(this.#path, text);
  }

  end(): void {
    const name = this.#path.at(-1) ?? '';
    const writer = this.#writer;
    if (writer) {
      writer.end(name);
      if (this.#path.length === this.#writingFrom) this.#writingFrom = 0;
    } else {
      if (name === 'section') this.#sections.pop();
      if (name === 'observationMedia') this.#picture = undefined;
      this.#facts.end(this.#path);
    }
    this.#path.pop();
  }

  /** @throws RangeError if a fact that every label has is missing */
  finish(): Label {
    const facts = this.#facts.finish();
    const find = (id: string): string | undefined => this.#pictures.get(id);
    const sections = this.#written.map(({ kind, writer }): PatientSection => {
      const html = writer.finish(find, 'en');
      return isSpanish(html)
        ? { kind, language: 'es', html: writer.finish(find, 'es') }
        : { kind, language: 'en', html };
    });
    return { ...facts, sections: sections.filter(({ html }) => html !== '') };
  }
}

function isSpanish(html: string): boolean {
  const words = html
    .replace(/<[^<>]*>/g, ' ')
    .toLowerCase()
    .split(/\s+/);
  return words.filter((word) => SPANISH.has(word)).length > words.length * SPANISH_SHARE;
}

/**
 * Reads a label of FDA's Structured Product Labeling (HL7 v3 SPL) piece by piece.
 * @throws ImportError if it is malformed, incomplete, or not a label
 */
export async function readLabel(file: InputFile): Promise<Label> {
  const reader = new LabelReader();
  // readXml leaves out blanks between tags, which divide words in a label's text.
  const parser = new SaxesParser();
  // An entity that a document type declares is an error: nothing is fetched.
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    reader.start(name, attributes);
  });
  parser.on('closetag', () => {
    reader.end();
  });
  const addText = (text: string): void => {
    reader.text(text);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  let chars = 0;
  try {
    for await (const text of readText(file, { isXml: true })) {
      chars += text.length;
      if (chars > MAX_CHARS) throw new RangeError(`it has more than ${MAX_CHARS} characters`);
      parser.write(text);
    }
    parser.close();
    return reader.finish();
  } catch (cause) {
    if (cause instanceof ImportError) throw cause;
    throw new ImportError(`${file.label} is not a complete label: ${(cause as Error).message}`, { cause });
  }
}
