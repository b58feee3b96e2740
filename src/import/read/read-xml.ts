import { SaxesParser } from 'saxes';
import { ImportError, type InputFile } from '../import-source.js';
import { readText } from './read-text.js';

interface XmlPlace {
  /** The element's name, including any prefix. */
  readonly name: string;
  /** Names from the document's element to this one, joined by `/`: `health-topics/health-topic/group`. */
  readonly path: string;
  /** Line, from 1. */
  readonly line: number;
}

/** The events of a document, in order. */
export type XmlEvent =
  | (XmlPlace & { readonly kind: 'open'; readonly attributes: Readonly<Record<string, string>> })
  /** All text (and CDATA) between two tags, in one event; `name` and `path` are those of its parent element. */
  | (XmlPlace & { readonly kind: 'text'; readonly text: string })
  | (XmlPlace & { readonly kind: 'close' });

/** More text without a tag than in any official file. */
const MAX_TEXT_CHARS = 10_000_000;
/** Deeper nesting than in any official file. */
const MAX_DEPTH = 100;

/** Converts a document's characters to events. */
class XmlReader {
  readonly #parser = new SaxesParser();
  readonly #names: string[] = [];
  readonly #paths: string[] = [];
  #text = '';
  #events: XmlEvent[] = [];
  #charsSinceTag = 0;

  constructor() {
    const parser = this.#parser;
    // A document type is ignored: nothing is fetched, and a reference to an entity that it declares is an error.
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('text', (text) => {
      this.#text += text;
    });
    parser.on('cdata', (text) => {
      this.#text += text;
    });
    parser.on('opentag', ({ name, attributes }) => {
      this.#endText();
      if (this.#names.length === MAX_DEPTH) throw new Error(`line ${parser.line}: it is nested too deeply`);
      this.#names.push(name);
      this.#paths.push(this.#paths.length === 0 ? name : `${this.#paths.at(-1) ?? ''}/${name}`);
      this.#events.push({ ...this.#place(), kind: 'open', attributes });
    });
    parser.on('closetag', () => {
      this.#endText();
      this.#events.push({ ...this.#place(), kind: 'close' });
      this.#names.pop();
      this.#paths.pop();
    });
  }

  #place(): XmlPlace {
    return { name: this.#names.at(-1) ?? '', path: this.#paths.at(-1) ?? '', line: this.#parser.line };
  }

  /** White space between tags is ignored. */
  #endText(): void {
    this.#charsSinceTag = 0;
    if (this.#text.trim() !== '') this.#events.push({ ...this.#place(), kind: 'text', text: this.#text });
    this.#text = '';
  }

  /** Returns the events that end within these characters. */
  read(text: string): XmlEvent[] {
    this.#charsSinceTag += text.length;
    this.#parser.write(text);
    if (this.#charsSinceTag > MAX_TEXT_CHARS) throw new Error(`line ${this.#parser.line}: a text that never ends`);
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** @throws if the document is not closed */
  end(): void {
    this.#parser.close();
  }
}

/**
 * Reads an XML document (XML 1.0, in UTF-8 or as it declares) as portions of events.
 * @throws ImportError if it is malformed, not closed or cannot be read to its end
 */
export async function* readXml(file: InputFile): AsyncGenerator<readonly XmlEvent[]> {
  const reader = new XmlReader();
  const parse = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new ImportError(`${file.label} is not a complete XML document: ${(error as Error).message}`, {
        cause: error,
      });
    }
  };
  for await (const text of readText(file, { isXml: true })) yield parse(() => reader.read(text));
  parse(() => {
    reader.end();
  });
}
