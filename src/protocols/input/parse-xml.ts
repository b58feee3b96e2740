import { SaxesParser, type SaxesTagNS } from 'saxes';
import { RequestError } from '../../core/errors.js';
import { LIMITS } from '../../limits.js';

export interface XmlLimits {
  readonly mostDepth: number;
  /** Elements and attributes. */
  readonly mostElements: number;
}

/** Handlers of a document's parts; `position` is the number of characters up to the end of the tag. */
export interface XmlHandlers {
  readonly openTag: (tag: SaxesTagNS, position: number) => void;
  readonly closeTag?: (position: number) => void;
  readonly text: (content: string) => void;
  readonly cdata?: (content: string) => void;
  readonly comment?: (content: string) => void;
  /** A processing instruction. */
  readonly instruction?: () => void;
}

/** Comments of real documents are shorter; the parser takes the square of a longer one's length. */
const MOST_COMMENT_CHARS = 65_536;

/** Rejects a document with a comment that is too long. @throws RequestError `bad-resource` */
function checkComments(text: string): void {
  for (let from = text.indexOf('<!--'); from >= 0; from = text.indexOf('<!--', from + 1)) {
    const end = text.indexOf('-->', from);
    if ((end < 0 ? text.length : end) - from > MOST_COMMENT_CHARS)
      throw rejectXml(`it has a comment of more than ${MOST_COMMENT_CHARS} characters`);
    if (end < 0) return;
    from = end;
  }
}

/** The error for a document that cannot be accepted. */
export const rejectXml = (reason: string): RequestError => new RequestError('bad-resource', { reason });

/**
 * Parses an XML document from a client. It has no document type, and so no entities but XML's own five.
 * @throws RequestError `bad-resource` also if it is nested too deeply or has too many elements
 */
export function parseXml(text: string, { mostDepth, mostElements }: XmlLimits, on: XmlHandlers): void {
  const { maxAttributes } = LIMITS;
  checkComments(text);
  const parser = new SaxesParser({ xmlns: true });
  let depth = 0;
  let elements = 0;
  let attributes = 0;
  parser.on('error', () => {
    throw rejectXml('it is not well-formed XML');
  });
  parser.on('doctype', () => {
    throw rejectXml('it has a DOCTYPE');
  });
  const count = (): void => {
    elements += 1;
    if (elements > mostElements) throw rejectXml(`it has more than ${mostElements} elements`);
  };
  // While they are parsed: what the parser does at the end of a tag grows with their number.
  parser.on('attribute', () => {
    count();
    attributes += 1;
    if (attributes > maxAttributes) throw rejectXml(`it has an element with more than ${maxAttributes} attributes`);
  });
  parser.on('opentag', (tag) => {
    if (depth >= mostDepth) throw rejectXml(`it is nested more than ${mostDepth} levels deep`);
    depth += 1;
    attributes = 0;
    count();
    on.openTag(tag, parser.position);
  });
  parser.on('closetag', () => {
    depth -= 1;
    on.closeTag?.(parser.position);
  });
  parser.on('text', on.text);
  if (on.cdata) parser.on('cdata', on.cdata);
  if (on.comment) parser.on('comment', on.comment);
  if (on.instruction) parser.on('processinginstruction', on.instruction);
  parser.write(text).close();
}
