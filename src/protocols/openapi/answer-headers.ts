import type { AnswerHeader, ParameterDocument } from '../route-document.js';

const TEXT = { type: 'string' } as const;

/** Response headers that clients act on, by name. */
export const ANSWER_HEADERS = {
  'Content-Language': { description: 'Language of the answer: en or es.', schema: TEXT },
  ETag: { description: 'Names this answer, or this version of a resource.', schema: TEXT },
  'Last-Modified': { description: 'When it was last changed.', schema: TEXT },
  Location: { description: 'Address of what was written, or of what the client should request instead.', schema: TEXT },
  'Retry-After': { description: 'Seconds to wait before the next try.', schema: { type: 'integer', minimum: 1 } },
  'WWW-Authenticate': { description: 'How a client may show who it is (RFC 6750, RFC 7617).', schema: TEXT },
  'X-Answer': {
    description:
      'For each code how its articles were found (own, ancestor, crosswalk, name, title, elsewhere), or why there are none.',
    schema: TEXT,
  },
  'X-Library-Release': {
    description: 'Name of the release of the library that the answer is made from.',
    schema: TEXT,
  },
} as const;

type HeaderName = keyof typeof ANSWER_HEADERS;

type HeaderReferences = Readonly<Record<string, { readonly $ref: string }>>;

/** What every GET may be sent with. */
export const IF_NONE_MATCH: ParameterDocument = {
  name: 'If-None-Match',
  description: 'ETags that the client holds: 304 where one of them is that of the answer.',
};

const RETRIED: ReadonlySet<number> = new Set([429, 503, 507]);

/** The headers of an answer, as references to the document's components. @param own what its route sends beside what all do */
export function listHeaders(status: number, own: readonly AnswerHeader[] = []): HeaderReferences {
  const names: HeaderName[] = [
    ...own,
    ...(status === 200 || status === 304 ? ['ETag' as const] : []),
    ...(RETRIED.has(status) ? ['Retry-After' as const] : []),
    ...(status === 401 || status === 403 ? ['WWW-Authenticate' as const] : []),
    'X-Library-Release',
  ];
  return Object.fromEntries(names.sort().map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
