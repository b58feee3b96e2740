import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { validateXML } from 'xmllint-wasm';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { N53_14, OID, criterion, get, postForm, termsOf, read } from './ask.js';
import { jsonFromXml } from './xml-to-json.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const SCHEMA = readFileSync(new URL('../../support/knowledge-response.xsd', import.meta.url), 'utf8');

/** The two attributes of the xml namespace that the schema refers to. */
const XML_NAMESPACE = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
    targetNamespace="http://www.w3.org/XML/1998/namespace">
  <xs:attribute name="lang" type="xs:language"/>
  <xs:attribute name="base" type="xs:anyURI"/>
</xs:schema>`;

/** Complaints of the schema about each of some documents, by name; none where it is valid. One run for all is faster. */
async function complaintsAbout(documents: ReadonlyMap<string, string>): Promise<Map<string, string[]>> {
  const names = [...documents.keys()];
  const { errors } = await validateXML({
    xml: names.map((name, index) => ({ fileName: `${index}.xml`, contents: documents.get(name) ?? '' })),
    schema: { fileName: 'knowledge-response.xsd', contents: SCHEMA },
    preload: { fileName: 'xml.xsd', contents: XML_NAMESPACE },
  });
  const complaints = new Map(names.map((name): [string, string[]] => [name, []]));
  for (const { rawMessage, message } of errors) {
    const file = /^(\d+)\.xml/.exec(rawMessage)?.[1];
    // A message about no document is about the schema: then no document was validated.
    if (file === undefined) throw new Error(rawMessage);
    complaints.get(names[Number(file)] ?? '')?.push(message);
  }
  return complaints;
}

const icd = (code: string, number = ''): string => criterion('icd10cm', code, number);
const ES = 'informationRecipient.languageCode.c=es';

/** Every kind of answer that HL7's dialect gives. */
const ANSWERS: readonly [name: string, query: string][] = [
  ['one article with all its metadata', N53_14],
  ['one article in Spanish', `${N53_14}&${ES}`],
  ['three articles', icd('L70')],
  ['articles of an ancestor', icd('E11.3211')],
  ['an article of an inherited disease', icd('I67.850')],
  ['a drug by its code', criterion('rxnorm', '104884')],
  ['a drug by its name', `mainSearchCriteria.v.cs=${OID.rxnorm}&mainSearchCriteria.v.dn=Simvastatin`],
  ['a medical test that is in English only', `${criterion('loinc', '2345-7')}&${ES}`],
  [
    'much context',
    `${icd('K21')}&age.v.v=6&age.v.u=mo&informationRecipient=PROV&encounter.c.c=IMP&subTopic.v.c=Q000628&subTopic.v.c1=Q000209&patientPerson.administrativeGenderCode.c=F`,
  ],
  ['an explained answer', `${icd('D50')}&explain=true`],
  ['an impossible code', icd('ZZZ99')],
  ['an impossible code, explained', `${criterion('icd9cm', 'N53.14')}&explain=true`],
  ['no code', `mainSearchCriteria.v.cs=${OID.icd10cm}`],
  ['a code without a page on purpose', icd('F65')],
  ['a system without mappings', criterion('cpt', '99213')],
  ['an audience that is another', `${icd('L22')}&age.v.v=8&age.v.u=a`],
  ['several criteria', `${N53_14}&${icd('I10', '1')}&${criterion('loinc', '4548-4', '2')}&${ES}`],
  [
    'several criteria with misses',
    `${icd('ZZZ99')}&mainSearchCriteria.v.cs1=9.9&mainSearchCriteria.v.c1=Q&${N53_14.replaceAll('=', '2=')}`,
  ],
  ['the same thing in two systems', `${icd('N39.0')}&${criterion('icd9cm', '599.0', '1')}&explain=true`],
  ['the same criterion twice', `${N53_14}&${icd('N53.14', '1')}`],
  ['hostile text', `${N53_14}&mainSearchCriteria.v.dn=${encodeURIComponent('<b>"\'&]]>😀\u0001')}&explain=true`],
  ['a code that is no text', `mainSearchCriteria.v.cs=${OID.icd10cm}&mainSearchCriteria.v.c=%00%01`],
];

describe('the XML of HL7’s dialect', () => {
  const told = new Map<string, string>();
  let complaints: Map<string, string[]>;
  beforeAll(async () => {
    for (const [name, query] of ANSWERS) {
      const answer = await get(connector, `/infobutton?${query}`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/xml; charset=utf-8']);
      told.set(name, answer.body);
    }
    told.set('a posted request', (await postForm(connector, '/infobutton', N53_14)).body);
    complaints = await complaintsAbout(told);
  });

  test.each([...ANSWERS.map(([name]) => name), 'a posted request'])('keeps the schema for %s', (name) => {
    expect(told.get(name)).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\s*<(feed|aggregateKnowledgeResponse) /);
    expect(complaints.get(name)).toEqual([]);
  });
});

describe('the schema itself', () => {
  const swap = (xml: string, one: RegExp, other: RegExp): string => {
    const [first, second] = [one.exec(xml)?.[0] ?? '', other.exec(xml)?.[0] ?? ''];
    return xml.replace(first, '@').replace(second, first).replace('@', second);
  };

  const SPOILT: readonly [name: string, spoil: (xml: string) => string][] = [
    ['a feed without its language', (xml) => xml.replace(/(<feed[^>]*) xml:lang="en"/, '$1')],
    ['an entry without its language', (xml) => xml.replace('<entry xml:lang="en">', '<entry>')],
    ['an empty language', (xml) => xml.replace('<entry xml:lang="en">', '<entry xml:lang="">')],
    ['another namespace', (xml) => xml.replace('http://www.w3.org/2005/Atom', 'http://purl.org/atom/ns#')],
    ['no namespace', (xml) => xml.replace(' xmlns="http://www.w3.org/2005/Atom"', '')],
    ['another root', (xml) => xml.replaceAll(/(<\/?)feed/g, '$1answer')],
    ['an entry without a link', (xml) => xml.replace(/(<entry.*?<\/title>)(<link[^>]*>)+/, '$1')],
    ['an empty feed id', (xml) => xml.replace(/<id>urn[^<]*<\/id>/, '<id></id>')],
    ['no feed id', (xml) => xml.replace(/<id>urn[^<]*<\/id>/, '')],
    ['no title', (xml) => xml.replace(/<title.*?<\/title>/, '')],
    ['no author of the feed', (xml) => xml.replace(/<author>.*?<\/author>/, '')],
    ['a time without its zone', (xml) => xml.replace(/(<updated>[^<]*)Z/, '$1')],
    ['two times', (xml) => xml.replace(/(<updated>.*?<\/updated>)/, '$1$1')],
    [
      'a link before the entry’s title',
      (xml) => swap(xml, /(?<=<entry[^>]*>)<title.*?<\/title>/, /<link[^>]*rel="alternate"[^>]*>/),
    ],
    ['a subtitle after the author', (xml) => swap(xml, /<subtitle.*?<\/subtitle>/, /<author>.*?<\/author>/)],
    ['a link without its address', (xml) => xml.replace(/ href="[^"]*"/, '')],
    ['a link to a script', (xml) => xml.replace(/ href="[^"]*"/, ' href="javascript:alert(1)"')],
    ['a link without its kind', (xml) => xml.replace(/ rel="[^"]*"/, '')],
    ['a link of a kind that is none', (xml) => xml.replace(/ rel="[^"]*"/, ' rel="stylesheet"')],
    ['a link without its type', (xml) => xml.replace(/(<link[^>]*) type="[^"]*"/, '$1')],
    ['a link without its title', (xml) => xml.replace(/(<link[^>]*) title="[^"]*"/, '$1')],
    ['a link without its language', (xml) => xml.replace(/ hreflang="[^"]*"/, '')],
    ['a category without a scheme', (xml) => xml.replace(/ scheme="[^"]*"/, '')],
    ['a category without a term', (xml) => xml.replace(/ term="[^"]*"/, '')],
    ['a category with an empty term', (xml) => xml.replace(/ term="[^"]*"/, ' term=""')],
    ['a text of a kind that is none', (xml) => xml.replace('type="html"', 'type="markdown"')],
    ['an element that is none of Atom’s', (xml) => xml.replace('</entry>', '<score>1</score></entry>')],
    ['an aggregate without a feed', () => '<aggregateKnowledgeResponse xmlns="http://www.w3.org/2005/Atom"/>'],
    [
      'an aggregate of one feed twice',
      (xml) =>
        `<aggregateKnowledgeResponse xmlns="http://www.w3.org/2005/Atom">${xml.replace(/^.*\n/, '').repeat(2)}</aggregateKnowledgeResponse>`,
    ],
  ];
  let sound = '';
  let complaints: Map<string, string[]>;
  beforeAll(async () => {
    sound = (await get(connector, `/infobutton?${N53_14}`)).body;
    complaints = await complaintsAbout(new Map(SPOILT.map(([name, spoil]) => [name, spoil(sound)])));
  });

  test.each(SPOILT)('refuses %s', (name, spoil) => {
    expect(spoil(sound)).not.toBe(sound);
    expect(complaints.get(name)?.length).toBeGreaterThan(0);
  });
});

describe('the JSON of both dialects', () => {
  /** Answer without the parts that distinguish its representations: the feed's own address, its type, and the id made from it. */
  const alike = (json: string): unknown =>
    JSON.parse(json, function revive(this: Record<string, unknown>, name, value: unknown) {
      if (name === 'href' && this.rel === 'self') return 'self';
      if (name === 'type' && this.rel === 'self') return 'self';
      return typeof value === 'string' && value.startsWith('urn:uuid:') ? 'id' : value;
    });

  const HL7 = ['author', 'contributor', 'link', 'category', 'entry'];
  /** XML cannot carry every character, so that a text with others differs by right. */
  const CARRIED = ANSWERS.filter(([name]) => name !== 'hostile text' && name !== 'a code that is no text');

  test.each(CARRIED)('follows from HL7’s XML for %s', async (_name, query) => {
    const [xml, json] = [
      await get(connector, `/infobutton?${query}&knowledgeResponseType=text/xml`),
      await get(connector, `/infobutton?${query}&knowledgeResponseType=application/json`),
    ];
    const lists = new Set(xml.body.includes('<aggregateKnowledgeResponse') ? [...HL7, 'feed'] : HL7);
    const derived = jsonFromXml(xml.body, { lists, always: ['entry'], prefixes: false });
    expect(alike(json.body)).toEqual(alike(JSON.stringify(derived)));
  });

  test.each(CARRIED)('follows from MedlinePlus Connect’s XML for %s', async (_name, query) => {
    const [xml, json] = [
      await get(connector, `/service?${query}&knowledgeResponseType=text/xml`),
      await get(connector, `/service?${query}&knowledgeResponseType=application/json`),
    ];
    const lists = new Set(['category', 'entry', 'link']);
    expect(JSON.parse(json.body)).toEqual(jsonFromXml(xml.body, { lists, always: ['entry'], prefixes: true }));
  });

  test('drops no relevance: each entry’s lies between 0 and 1', async () => {
    const { feed } = read(await get(connector, `/infobutton?${icd('L70')}&knowledgeResponseType=application/json`));
    for (const entry of feed.entry) expect(termsOf(entry, 'relevanceScore')[0]).toMatch(/^(?:0\.\d+|1(?:\.0+)?)$/);
  });
});
