import { SaxesParser } from 'saxes';

const XHTML = 'http://www.w3.org/1999/xhtml';

/** Whether a text is one well-formed `div` of XHTML (R4 narrative, 2.24.0.14): in an answer in XML it stands as it was written. */
export function isNarrative(text: string): boolean {
  const parser = new SaxesParser({ xmlns: true });
  let isSound = true;
  let isRoot = true;
  const refuse = (): void => {
    isSound = false;
  };
  parser.on('error', refuse);
  parser.on('doctype', refuse);
  parser.on('opentag', ({ local, uri }) => {
    if (isRoot && (local !== 'div' || uri !== XHTML)) refuse();
    isRoot = false;
  });
  parser.write(text).close();
  return isSound;
}
