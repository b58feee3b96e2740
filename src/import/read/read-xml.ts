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

/** Creates a reader that converts a document's characters to the events that end within them; without any, it ends the document. */
function createXmlReader(): (text?: string) => XmlEvent[] {
  const parser = new SaxesParser();
  const places: { readonly name: string; readonly path: string }[] = [];
  let text = '';
  let events: XmlEvent[] = [];
  let charsSinceTag = 0;
  const findPlace = (): XmlPlace => ({ name: '', path: '', ...places.at(-1), line: parser.line });
  /** White space between tags is ignored. */
  const endText = (): void => {
    charsSinceTag = 0;
    if (text.trim() !== '') events.push({ ...findPlace(), kind: 'text', text });
    text = '';
  };
  const addText = (part: string): void => {
    text += part;
  };
  // A document type is ignored: nothing is fetched, and a reference to an entity that it declares is an error.
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('opentag', ({ name, attributes }) => {
    endText();
    if (places.length === MAX_DEPTH) throw new Error(`line ${parser.line}: it is nested too deeply`);
    const above = places.at(-1);
    places.push({ name, path: above ? `${above.path}/${name}` : name });
    events.push({ ...findPlace(), kind: 'open', attributes });
  });
  parser.on('closetag', () => {
    endText();
    events.push({ ...findPlace(), kind: 'close' });
    places.pop();
  });
  return (part) => {
    if (part === undefined) parser.close();
    else {
      charsSinceTag += part.length;
      parser.write(part);
      if (charsSinceTag > MAX_TEXT_CHARS) throw new Error(`line ${parser.line}: a text that never ends`);
    }
    const ended = events;
    events = [];
    return ended;
  };
}

/**
 * Reads an XML document (XML 1.0, in UTF-8 or as it declares) as portions of events.
 * @throws ImportError if it is malformed, not closed or cannot be read to its end
 */
export async function* readXml(file: InputFile): AsyncGenerator<readonly XmlEvent[]> {
  const read = createXmlReader();
  const parse = (text?: string): XmlEvent[] => {
    try {
      return read(text);
    } catch (cause) {
      throw new ImportError(`${file.label} is not a complete XML document: ${(cause as Error).message}`, { cause });
    }
  };
  for await (const text of readText(file, { isXml: true })) yield parse(text);
  parse();
}
