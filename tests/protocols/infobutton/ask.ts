import type { TestConnector } from '../../support/connector.js';

/** Object identifiers of the code systems that these tests send. */
export const OID = {
  icd10cm: '2.16.840.1.113883.6.90',
  icd9cm: '2.16.840.1.113883.6.103',
  snomed: '2.16.840.1.113883.6.96',
  rxnorm: '2.16.840.1.113883.6.88',
  ndc: '2.16.840.1.113883.6.69',
  loinc: '2.16.840.1.113883.6.1',
  cpt: '2.16.840.1.113883.6.12',
  cvx: '2.16.840.1.113883.12.292',
} as const;

/** One main search criterion as a query; `number` is what its parameter names end in. */
export function criterion(system: keyof typeof OID, code: string, number = ''): string {
  return `mainSearchCriteria.v.cs${number}=${OID[system]}&mainSearchCriteria.v.c${number}=${encodeURIComponent(code)}`;
}

export const N53_14 = criterion('icd10cm', 'N53.14');

export interface Text {
  readonly type?: string;
  readonly _value: string;
}

export interface Link {
  readonly href: string;
  readonly rel: string;
  readonly type: string;
  readonly title: string;
  readonly hreflang: string;
}

export interface Category {
  readonly scheme: string;
  readonly term: string;
}

export interface Entry {
  readonly lang: string;
  readonly title: Text;
  readonly link: readonly Link[];
  readonly id: Text;
  readonly summary: Text;
  readonly updated: Text;
  readonly category?: readonly Category[];
  readonly rights?: Text;
}

export interface Feed {
  readonly lang: string;
  readonly title: Text;
  readonly subtitle: Text;
  readonly id: Text;
  readonly updated: Text;
  readonly link: readonly Link[];
  readonly category: readonly Category[];
  readonly rights?: Text;
  readonly entry: readonly Entry[];
}

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface Answered extends Told {
  /** Whether the feeds stand in an aggregate. */
  readonly aggregate: boolean;
  readonly feeds: readonly Feed[];
  /** The only feed; throws where there are several. */
  readonly feed: Feed;
}

export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Asks for a path of a connector, or a whole address. */
export async function get(connector: TestConnector, path: string, headers: Record<string, string> = {}): Promise<Told> {
  const response = await fetch(path.startsWith('http') ? path : connector.url + path, { headers });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

export async function postForm(
  connector: TestConnector,
  path: string,
  form: string,
  headers: Record<string, string> = {},
): Promise<Told> {
  const options = { method: 'POST', headers: { 'content-type': FORM_TYPE, ...headers }, body: form };
  const response = await fetch(connector.url + path, options);
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** The feeds in a body of JSON. */
export function feedsOf(body: string): { aggregate: boolean; feeds: readonly Feed[] } {
  const json = JSON.parse(body) as { feed?: Feed; aggregateKnowledgeResponse?: { feed: readonly Feed[] } };
  if (json.aggregateKnowledgeResponse) return { aggregate: true, feeds: json.aggregateKnowledgeResponse.feed };
  return { aggregate: false, feeds: json.feed ? [json.feed] : [] };
}

export function read(told: Told): Answered {
  const { aggregate, feeds } = feedsOf(told.body);
  return {
    ...told,
    aggregate,
    feeds,
    get feed(): Feed {
      const [feed, ...others] = feeds;
      if (!feed || others.length > 0) throw new RangeError(`one feed was expected: ${told.body.slice(0, 300)}`);
      return feed;
    },
  };
}

const asJson = (query: string): string => `${query}&knowledgeResponseType=application/json`;

/** Asks in HL7's dialect, for JSON. */
export async function askHl7(connector: TestConnector, query: string): Promise<Answered> {
  return read(await get(connector, `/infobutton?${asJson(query)}`));
}

/** Asks in MedlinePlus Connect's dialect, for JSON. */
export async function askService(connector: TestConnector, query: string): Promise<Answered> {
  return read(await get(connector, `/service?${asJson(query)}`));
}

/** The ids of the articles in a feed of the HL7 dialect, without their language. */
export function articleIds(feed: Feed): string[] {
  return feed.entry.map(({ id }) => id._value.replace(/^.*\//, '').replace(/-[a-z]{2}$/, ''));
}

/** The terms of a feed's or an entry's categories of one scheme. */
export function termsOf(of: Feed | Entry, scheme: string): string[] {
  return (of.category ?? []).filter((category) => category.scheme === scheme).map(({ term }) => term);
}

/** The addresses of a feed's entries, each by its first link. */
export function addresses(feed: Feed): string[] {
  return feed.entry.map(({ link }) => link[0]?.href ?? '');
}
