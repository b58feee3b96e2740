import type { Content, Schema } from '../route-document.js';

const TEXT: Schema = { type: 'string' };
const VALUE: Schema = { $ref: '#/components/schemas/FeedText' };

const list = (items: Schema): Schema => ({ type: 'array', items });

/** An element's text and its attribute `type`. */
const FEED_TEXT: Schema = { type: 'object', required: ['_value'], properties: { _value: TEXT, type: TEXT } };
const LINK: Schema = {
  type: 'object',
  required: ['href', 'rel'],
  properties: { href: TEXT, rel: TEXT, type: TEXT, title: TEXT, hreflang: TEXT },
};
const CATEGORY: Schema = { type: 'object', required: ['scheme', 'term'], properties: { scheme: TEXT, term: TEXT } };
const PERSON: Schema = { type: 'object', properties: { name: VALUE, uri: VALUE } };

/** What entries and feeds of both dialects have. */
const COMMON = { title: VALUE, id: VALUE, updated: VALUE, lang: TEXT } as const;

const ENTRY: Schema = {
  type: 'object',
  required: ['title', 'link', 'id', 'summary', 'updated'],
  properties: { ...COMMON, link: list(LINK), summary: VALUE, category: list(CATEGORY) },
};
const FEED: Schema = {
  type: 'object',
  required: ['title', 'id', 'updated', 'subtitle', 'category', 'entry'],
  properties: { ...COMMON, base: TEXT, subtitle: VALUE, category: list(CATEGORY) },
};
const HL7_ENTRY: Schema = {
  ...ENTRY,
  properties: {
    ...(ENTRY.properties as Schema),
    author: list(PERSON),
    contributor: list(PERSON),
    published: VALUE,
    rights: VALUE,
  },
};

/** A feed in JSON, as MedlinePlus Connect writes it: one author, an object. */
export const MEDLINEPLUS_FEED: Content = {
  name: 'MedlinePlusFeed',
  schema: {
    type: 'object',
    description: 'The Atom feed in JSON, as MedlinePlus Connect writes it.',
    required: ['feed'],
    properties: { feed: { $ref: '#/components/schemas/MedlinePlusFeedContent' } },
  },
  parts: {
    FeedText: FEED_TEXT,
    MedlinePlusFeedContent: {
      ...FEED,
      properties: { ...(FEED.properties as Schema), author: PERSON, entry: list(ENTRY) },
    },
  },
};

const HL7_FEED: Schema = { $ref: '#/components/schemas/KnowledgeFeed' };

/** A feed in JSON, or an aggregate of feeds (HL7 Infobutton, service-oriented guide). */
export const KNOWLEDGE_RESPONSE: Content = {
  name: 'KnowledgeResponse',
  schema: {
    description: 'The HL7 knowledge response in JSON: a feed, or for several criteria an aggregate of feeds.',
    anyOf: [
      {
        title: 'FeedResponse',
        type: 'object',
        required: ['feed'],
        properties: { feed: HL7_FEED },
      },
      {
        title: 'AggregateResponse',
        type: 'object',
        required: ['aggregateKnowledgeResponse'],
        properties: {
          aggregateKnowledgeResponse: {
            type: 'object',
            required: ['feed'],
            properties: { lang: TEXT, feed: list(HL7_FEED) },
          },
        },
      },
    ],
  },
  parts: {
    FeedText: FEED_TEXT,
    KnowledgeFeed: {
      ...FEED,
      properties: {
        ...(FEED.properties as Schema),
        author: list(PERSON),
        link: list(LINK),
        rights: VALUE,
        entry: list(HL7_ENTRY),
      },
    },
  },
};
