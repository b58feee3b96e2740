import type { Element } from '../feed/atom.js';
import { findOwn } from '../../core/find-own.js';
import { RequestError } from '../../core/errors.js';
import type { SentParameters } from './parameters.js';

type Json = { [member: string]: Json | Json[] | string };

const PREFIX = /^xml(ns)?:/;

function toJson({ attributes, content }: Element, repeating: ReadonlySet<string>): Json {
  const members: Json = {};
  for (const name in attributes) {
    // Namespaces are dropped: xmlns goes, xml:lang becomes lang; xsi stays as in MedlinePlus Connect.
    if (name !== 'xmlns')
      members[name.startsWith('xml') ? name.replace(PREFIX, '') : name] = findOwn(attributes, name) ?? '';
  }
  if (typeof content === 'string') {
    members._value = content;
    return members;
  }
  for (const child of content) {
    if (!repeating.has(child.name)) {
      members[child.name] = toJson(child, repeating);
      continue;
    }
    const list = (members[child.name] ??= []) as Json[];
    list.push(toJson(child, repeating));
  }
  return members;
}

/**
 * Renders a knowledge response as JSON (HL7 service-oriented guide): an element becomes an object, its text `_value`,
 * attributes plain members, a repeatable element always an array.
 * @param repeating names of repeatable elements
 */
export function renderJson(root: Element, repeating: ReadonlySet<string>): string {
  return JSON.stringify({ [root.name]: withEntryList(toJson(root, repeating), repeating) });
}

/** Clients read `feed.entry` as an array even where nothing was found. */
function withEntryList(root: Json, repeating: ReadonlySet<string>): Json {
  const feeds = root.feed;
  if (Array.isArray(feeds)) return { ...root, feed: feeds.map((feed) => withEntryList(feed, repeating)) };
  if (repeating.has('entry') && root.entry === undefined) root.entry = [];
  return root;
}

/** Wraps JSON for `<script>` clients. The callback's name was checked before. */
export function renderJsonp(json: string, callback: string): string {
  // These two may stand in JSON but ended lines in older JavaScript.
  const script = json.replace(/\u2028/g, '\\u2028').replace(/\u2029/g, '\\u2029');
  return `${callback}(${script});`;
}

/** Dialect: MedlinePlus Connect's, or strict HL7. */
export type Dialect = 'medlineplus' | 'hl7';
export type ResponseType = 'xml' | 'json' | 'jsonp' | 'html';

const CONTENT_TYPES: Readonly<Record<ResponseType, string>> = {
  xml: 'text/xml',
  json: 'application/json',
  jsonp: 'application/javascript',
  html: 'text/html',
};

const NAMES: Readonly<Record<string, ResponseType>> = {
  'text/xml': 'xml',
  'application/xml': 'xml',
  'application/atom+xml': 'xml',
  xml: 'xml',
  'application/json': 'json',
  'text/json': 'json',
  json: 'json',
  'application/javascript': 'jsonp',
  'application/x-javascript': 'jsonp',
  'text/javascript': 'jsonp',
  javascript: 'jsonp',
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  html: 'html',
  'text/*': 'xml',
  'application/*': 'json',
};

const OFFERED = Object.values(CONTENT_TYPES).join(', ');
/** Words of the language that no function can be named by. */
const RESERVED =
  /(?:^|\.)(?:break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|import|in|instanceof|new|null|return|super|switch|this|throw|true|try|typeof|var|void|while|with|let|static|yield|await)$/;
const CALLBACK = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$/;

/** Media type of a response type, without its charset. */
export function findContentType(type: ResponseType): string {
  return CONTENT_TYPES[type];
}

const essence = (mediaRange: string): string => (mediaRange.split(';', 1)[0] ?? '').trim().toLowerCase();

/** The first of the media types in an Accept header that we offer; undefined where it names none, `any` where all do. */
function fromAccept(accept: string | undefined): ResponseType | 'any' | undefined {
  if (!accept?.trim()) return 'any';
  const ranges = accept
    .split(',')
    .map((range) => ({ type: essence(range), quality: Number(/;\s*q=([\d.]+)/i.exec(range)?.[1] ?? 1) }))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { type } of ranges) {
    if (type === '*/*') return 'any';
    if (Object.hasOwn(NAMES, type)) return NAMES[type];
  }
  return undefined;
}

/**
 * The requested response type: `knowledgeResponseType`, else what the Accept header prefers, else XML. MedlinePlus
 * Connect ignores Accept headers: in its dialect, one that cannot be met, or a browser's, is answered with XML.
 * @throws RequestError `unsupported-response-type`
 */
export function chooseResponseType(sent: SentParameters, accept: string | undefined, dialect: Dialect): ResponseType {
  const requested = sent.first('knowledgeResponseType');
  if (requested !== '') {
    const name = essence(requested);
    const type = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
    if (!type) throw new RequestError('unsupported-response-type', { offered: OFFERED });
    return type;
  }
  const accepted = fromAccept(accept);
  if (accepted === 'any') return 'xml';
  if (dialect === 'medlineplus') return accepted === undefined || accepted === 'html' ? 'xml' : accepted;
  if (accepted === undefined) throw new RequestError('unsupported-response-type', { offered: OFFERED });
  return accepted;
}

/** The name of the JSONP callback. @throws RequestError `bad-callback` where it is missing or could be more than a function's name */
export function readCallback(sent: SentParameters, mostChars: number): string {
  const callback = sent.first('callback').trim();
  if (callback.length > mostChars || !CALLBACK.test(callback) || RESERVED.test(callback))
    throw new RequestError('bad-callback', { most: mostChars });
  return callback;
}
