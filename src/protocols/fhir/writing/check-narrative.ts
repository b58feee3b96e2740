import type { SaxesAttributeNS, SaxesTagNS } from 'saxes';
import { RequestError } from '../../../core/errors.js';
import { readDataFile, toWordSet } from '../../../core/read-data-file.js';
import { LIMITS } from '../../../limits.js';
import { parseXml, rejectXml } from '../../input/parse-xml.js';

const XHTML = 'http://www.w3.org/1999/xhtml';
const XML = 'http://www.w3.org/XML/1998/namespace';
/** Of a name that an error repeats. */
const MOST_NAME_CHARS = 40;

/** Elements and attributes of a narrative by R4 (narrative, 2.24.0.14 and invariant txt-1): formatting, links and images, nothing that runs. */
const ALLOWED = readDataFile('fhir/r4/narrative.yaml') as Readonly<Record<'elements' | 'attributes', string>>;
const ELEMENTS = toWordSet(ALLOWED.elements);
const ATTRIBUTES = toWordSet(ALLOWED.attributes);
const ADDRESSES: ReadonlySet<string> = new Set(['cite', 'href', 'longdesc', 'src']);
/** Browsers ignore blanks and control characters in and before a scheme. */
const IGNORED = /[\p{Cc}\s]/gu;
const SCHEME = /^([A-Za-z][A-Za-z\d+.-]*):/;
const HARMLESS_SCHEMES: ReadonlySet<string> = new Set(['http', 'https', 'mailto', 'tel', 'cid', 'urn']);
const IMAGE_DATA = /^data:image\/(gif|jpeg|png);base64,/i;
/** Parts of a style that load or run something, escapes and comments that may hide them included. */
const ACTIVE_STYLE = /url\s*\(|expression|behaviou?r|-moz-binding|script:|@|\\|\/\*/i;

const shortName = (name: string): string => name.slice(0, MOST_NAME_CHARS);

function isHarmlessAddress(value: string, name: string): boolean {
  const address = value.replace(IGNORED, '');
  const scheme = SCHEME.exec(address)?.[1]?.toLowerCase();
  return scheme === undefined || HARMLESS_SCHEMES.has(scheme) || (name === 'src' && IMAGE_DATA.test(address));
}

function findAttributeFault(
  { name, local, uri, prefix, value }: SaxesAttributeNS,
  element: string,
): string | undefined {
  const at = `the attribute ${shortName(name)} of <${element}>`;
  if (name === 'xmlns' || prefix === 'xmlns') return undefined;
  if (uri === XML && (local === 'lang' || local === 'space')) return undefined;
  if (uri !== '' || !ATTRIBUTES.has(local)) return `holds ${at}, which R4 does not let a narrative have`;
  if (ADDRESSES.has(local) && !isHarmlessAddress(value, local)) return `holds an address that may run in ${at}`;
  if (local === 'style' && ACTIVE_STYLE.test(value)) return `holds a style that loads or runs something in ${at}`;
  return undefined;
}

function findElementFault({ name, local, uri, attributes }: SaxesTagNS): string | undefined {
  const element = shortName(name);
  if (uri !== XHTML || !ELEMENTS.has(local)) return `holds <${element}>, which R4 does not let a narrative have`;
  for (const attribute of Object.values(attributes)) {
    const fault = findAttributeFault(attribute, element);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Rejects a narrative by the first fault in it. @throws RequestError */
function readNarrative(text: string): void {
  const refuse = (reason: string | undefined): void => {
    if (reason !== undefined) throw rejectXml(reason);
  };
  let [isRoot, isBlank] = [true, true];
  const { maxResourceDepth: mostDepth, maxResourceElements: mostElements, maxNarrativeChars: mostChars } = LIMITS;
  if (text.length > mostChars) refuse(`is longer than ${mostChars} characters`);
  parseXml(
    text,
    { mostDepth, mostElements },
    {
      openTag: (tag) => {
        if (isRoot && (tag.local !== 'div' || tag.uri !== XHTML)) refuse('is no well-formed div of XHTML');
        isRoot = false;
        refuse(findElementFault(tag));
        if (tag.local === 'img') isBlank = false;
      },
      text: (words) => {
        if (words.trim() !== '') isBlank = false;
      },
      // A browser that reads the narrative as HTML ends these earlier than XML does, and runs what is left of them.
      cdata: () => {
        refuse('holds a CDATA section');
      },
      instruction: () => {
        refuse('holds a processing instruction');
      },
      comment: (comment) => {
        if (/[<>]/.test(comment)) refuse('holds a comment with a tag');
      },
    },
  );
  if (isBlank) refuse('says nothing');
}

/**
 * Finds the fault of a narrative (R4 narrative, 2.24.0.14): it must be one well-formed `div` of XHTML, since in an answer in XML it
 * stands as it was written, and hold nothing that runs or loads a page, since clients show it to readers.
 * @returns the first fault, naming the element; undefined where there is none
 */
export function findNarrativeFault(text: string): string | undefined {
  try {
    readNarrative(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return String(error.values.reason).replace(/^it /, '');
  }
}
