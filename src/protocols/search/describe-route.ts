import { JSON_ERROR, XML_ERROR, toEnum } from '../describe.js';
import type { RouteDocument, Schema } from '../route-document.js';
import { FORMAT_NAMES } from './format.js';
import type { SearchLimits } from './parse.js';
import { DEFAULT_COUNT, KINDS } from './parse.js';

const TEXT: Schema = { type: 'string' };
const LANGUAGE = toEnum(['en', 'es']);

const HIT: Schema = {
  type: 'object',
  required: ['kind', 'title', 'matched'],
  properties: {
    kind: toEnum(KINDS),
    title: TEXT,
    matched: { type: 'string', description: 'By what it was found.' },
    id: { type: 'string', description: 'Of an article.' },
    language: LANGUAGE,
    url: { type: 'string', format: 'uri' },
    publisher: TEXT,
    sensitivity: TEXT,
    links: {
      type: 'array',
      description: "Of an article: pages in the reader's language, and lists of pages in many languages (mul).",
      items: {
        type: 'object',
        required: ['language', 'url', 'publisher'],
        properties: { language: TEXT, title: TEXT, url: { type: 'string', format: 'uri' }, publisher: TEXT },
      },
    },
    system: { type: 'string', format: 'uri', description: 'Of a concept.' },
    systemName: TEXT,
    code: TEXT,
    parent: TEXT,
    billable: { type: 'boolean' },
    retired: { type: 'boolean', enum: [true] },
  },
};

const READING: Schema = {
  type: 'object',
  required: ['means', 'language', 'query', 'articles'],
  properties: {
    means: TEXT,
    language: LANGUAGE,
    query: { type: 'string', description: 'What to search for where this meaning is meant.' },
    articles: {
      type: 'array',
      items: { type: 'object', properties: { id: TEXT, title: TEXT, language: LANGUAGE, url: TEXT } },
    },
  },
};

const ANSWER: Schema = {
  type: 'object',
  required: ['release', 'language', 'understood', 'total', 'hits'],
  properties: {
    release: TEXT,
    language: LANGUAGE,
    notice: {
      type: 'object',
      description: "What is to be said first: no article is in the reader's language.",
      properties: { code: toEnum(['language-linked', 'language-absent']), text: TEXT },
    },
    understood: {
      ...toEnum(['code', 'drug', 'abbreviation', 'held', 'words']),
      description:
        'How the query was read. A drug without hits has no page; an abbreviation of several meanings and a held query have none.',
    },
    reason: {
      type: 'object',
      description: 'Why a query that was understood finds nothing.',
      properties: { code: TEXT, text: TEXT },
    },
    readings: { type: 'array', items: READING, description: 'The meanings of an abbreviation; nothing is selected.' },
    total: { type: 'integer' },
    hits: { type: 'array', items: HIT },
  },
};

/** What clients read of the search by words. */
export function describeSearch(path: string, { maxQueryChars, maxHits }: SearchLimits): RouteDocument {
  return {
    tag: 'Search',
    methods: {
      GET: {
        summary: 'Find articles and codes by words',
        query: [
          {
            name: 'q',
            description: 'Words, or a code.',
            required: true,
            schema: { type: 'string', maxLength: maxQueryChars },
          },
          {
            name: 'lang',
            description:
              'Language of titles: en or es. Any other (BCP 47) is answered in English, with a notice and links.',
            schema: { type: 'string', default: 'en' },
          },
          {
            name: 'count',
            description: 'The most hits.',
            schema: { type: 'integer', minimum: 1, maximum: maxHits, default: DEFAULT_COUNT },
          },
          { name: 'kind', description: 'Articles alone, or concepts alone.', schema: toEnum(KINDS) },
          { name: '_format', description: 'Goes before the Accept header.', schema: toEnum(FORMAT_NAMES) },
        ],
        answers: {
          200: {
            description: 'What was found, the best first; codes that match come before words.',
            content: {
              'application/json': { name: 'SearchAnswer', schema: ANSWER },
              'application/atom+xml': { schema: { type: 'string' } },
            },
            headers: ['Content-Language'],
          },
        },
        errors: ['missing-query', 'query-too-long', 'bad-parameter-value', 'unsupported-response-type'],
        errorContent: { ...JSON_ERROR, ...XML_ERROR },
        examples: [
          { summary: 'A word', address: `${path}?q=asthma`, status: 200, contentType: 'application/json' },
          {
            summary: 'A word in Spanish, as a feed',
            address: `${path}?q=asma&lang=es&count=5&_format=atom`,
            status: 200,
            contentType: 'application/atom+xml',
          },
          { summary: 'Without a query', address: path, status: 400, contentType: 'application/json' },
        ],
      },
    },
  };
}
