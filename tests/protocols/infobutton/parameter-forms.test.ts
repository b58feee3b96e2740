import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import type { Answered } from './ask.js';
import { N53_14, OID, addresses, articleIds, askHl7, askService, criterion, get, postForm, read } from './ask.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const ARTICLE = 'https://medlineplus.gov/ency/article/001282.htm';
const c = 'mainSearchCriteria.v.c';
const cs = 'mainSearchCriteria.v.cs';
const dn = 'mainSearchCriteria.v.dn';

/** Every other parameter of the guide, with values that change nothing in which articles are found. */
const ALL_OTHERS = [
  'knowledgeRequestNotification.effectiveTime.v=20261124093000',
  'knowledgeRequestNotification.id.root=1.2.3.4',
  'holder.assignedEntity.n=portal',
  'holder.assignedEntity.certificateText=abc',
  'assignedAuthorizedPerson.id.root=5',
  'representedOrganization.id.root=6',
  'assignedEntity.representedOrganization.n=clinic',
  'patientPerson.administrativeGenderCode.c=M',
  'patientPerson.administrativeGenderCode.cs=2.16.840.1.113883.5.1',
  'patientPerson.administrativeGenderCode.dn=Male',
  'age.v.v=44',
  'age.v.u=a',
  'ageGroup.v.c=D000328',
  'ageGroup.v.cs=2.16.840.1.113883.6.177',
  'ageGroup.v.dn=adult',
  'taskContext.c.c=PROBLISTREV',
  'taskContext.c.cs=2.16.840.1.113883.5.4',
  'subTopic.v.c=Q000628',
  'subTopic.v.cs=2.16.840.1.113883.6.177',
  'subTopic.v.ot=how+is+it+treated',
  'severityObservation.interpretationCode.c=HH',
  'severityObservation.interpretationCode.cs=2.16.840.1.113883.5.83',
  'informationRecipient=PAT',
  'informationRecipient.healthCareProvider.c.c=163W00000X',
  'informationRecipient.languageCode.c=en',
  'performer=PROV',
  'performer.healthCareProvider.c.c=208800000X',
  'performer.languageCode.c=en',
  'encounter.c.c=AMB',
  'encounter.c.cs=2.16.840.1.113883.5.4',
  'serviceDeliveryLocation.id.root=7',
  'observation.c.c=2857-1',
  'observation.c.cs=2.16.840.1.113883.6.1',
  'Observation.v.u=ng/mL',
  'observation.v.v=4.0',
  'observation.c.c1=2986-8',
  'observation.valueNegationInd=false',
  'observation.nullFlavor=UNK',
  'locationOfInterest.addr.ZIP=10001',
  'locationOfInterest.addr.CNT=US',
  'locationOfInterest.addr.postalCode=10001',
].join('&');

const FORMS: readonly [name: string, query: string][] = [
  ['the guide’s own spelling', N53_14],
  ['the code before its system', `${c}=N53.14&${cs}=${OID.icd10cm}`],
  ['names in lower case', N53_14.toLowerCase().replace('n53.14', 'N53.14')],
  ['names in upper case', `${cs.toUpperCase()}=${OID.icd10cm}&${c.toUpperCase()}=N53.14`],
  ['names in mixed case', `MAINsearchCRITERIA.V.Cs=${OID.icd10cm}&mainsearchcriteria.V.c=N53.14`],
  ['deprecated names', `mainSearchCriteria.c.cs=${OID.icd10cm}&mainSearchCriteria.c.c=N53.14`],
  ['deprecated names in lower case', `mainsearchcriteria.c.cs=${OID.icd10cm}&mainsearchcriteria.c.c=N53.14`],
  ['a deprecated name beside a proper one', `mainSearchCriteria.c.cs=${OID.icd10cm}&${c}=N53.14`],
  ['a deprecated name beside an empty proper one', `${c}=&mainSearchCriteria.c.c=N53.14&${cs}=${OID.icd10cm}`],
  ['a deprecated code that a proper one overrules', `mainSearchCriteria.c.c=L70&${N53_14}`],
  [
    'a deprecated code after the proper one',
    `${N53_14}&mainSearchCriteria.c.c=L70&mainSearchCriteria.c.cs=${OID.icd9cm}`,
  ],
  ['a single criterion numbered 0', criterion('icd10cm', 'N53.14', '0')],
  ['a single criterion numbered 1', criterion('icd10cm', 'N53.14', '1')],
  ['a single criterion numbered 2', criterion('icd10cm', 'N53.14', '2')],
  ['a deprecated criterion numbered 0', `mainSearchCriteria.c.cs0=${OID.icd10cm}&mainSearchCriteria.c.c0=N53.14`],
  ['stray ampersands', `&&${N53_14.replace('&', '&&&')}&&`],
  ['a name without a value and a value without a name', `foo&=bar&${N53_14}&baz=`],
  ['an empty title', `${dn}=&${N53_14}`],
  ['empty values everywhere else', `${N53_14}&${ALL_OTHERS.replace(/=[^&]*/g, '=')}`],
  ['blanks around the code', `${cs}=${OID.icd10cm}&${c}=+N53.14%20`],
  ['blanks around the system', `${cs}=%20${OID.icd10cm}+&${c}=N53.14`],
  ['a code in lower case', `${cs}=${OID.icd10cm}&${c}=n53.14`],
  ['a code without its dot', `${cs}=${OID.icd10cm}&${c}=N5314`],
  ['escaped dots in names', N53_14.replaceAll('mainSearchCriteria.v.', 'mainSearchCriteria%2Ev%2E')],
  ['the system as urn:oid', `${cs}=urn:oid:${OID.icd10cm}&${c}=N53.14`],
  ['the system as its FHIR address', `${cs}=${encodeURIComponent('http://hl7.org/fhir/sid/icd-10-cm')}&${c}=N53.14`],
  ['the system by its name', `mainSearchCriteria.v.csn=ICD-10-CM&${c}=N53.14`],
  ['a title beside the code', `${N53_14}&${dn}=Retrograde+ejaculation`],
  ['original text beside the code', `${N53_14}&mainSearchCriteria.v.ot=dry+orgasm`],
  ['all other parameters of the guide', `${N53_14}&${ALL_OTHERS}`],
  ['parameters that nobody knows', `${N53_14}&_dc=1&utm_source=x&mainSearchCriteria.v.q=9&constructor=1&__proto__=2`],
  ['broken escapes in a parameter that nobody needs', `${N53_14}&x=%zz&y=%E0%A4%A`],
];

const WAYS: readonly [name: string, ask: (query: string) => Promise<Answered>][] = [
  ['GET /infobutton', (query) => askHl7(connector, query)],
  [
    'POST /infobutton',
    async (query) => read(await postForm(connector, '/infobutton', `${query}&knowledgeResponseType=application/json`)),
  ],
  [
    'GET /service',
    async (query) => read(await get(connector, `/service?${query}&knowledgeResponseType=application/json`)),
  ],
];

describe.each(WAYS)('%s', (_way, ask) => {
  test.each(FORMS)('understands %s', async (_name, query) => {
    const answer = await ask(query);
    expect(answer.status).toBe(200);
    expect(answer.aggregate).toBe(false);
    expect(addresses(answer.feed)[0]).toContain(ARTICLE);
    expect(answer.headers.get('x-answer')).toBe('own');
  });
});

describe('a posted form', () => {
  const expectArticle = (answer: Answered): void => {
    expect(answer.status).toBe(200);
    expect(addresses(answer.feed)[0]).toBe(ARTICLE);
  };

  test('is answered byte for byte like the same query', async () => {
    const query = `${N53_14}&${ALL_OTHERS}&knowledgeResponseType=application/json`;
    const [posted, got] = [
      await postForm(connector, '/infobutton', query),
      await get(connector, `/infobutton?${query}`),
    ];
    expect(posted.body).toBe(got.body);
  });

  test('may leave a part of its parameters to the query', async () => {
    const answer = read(
      await postForm(
        connector,
        `/infobutton?knowledgeResponseType=application/json&${cs}=${OID.icd10cm}`,
        `${c}=N53.14`,
      ),
    );
    expectArticle(answer);
  });

  test('may be empty beside a whole query', async () => {
    expectArticle(read(await postForm(connector, `/infobutton?${N53_14}&knowledgeResponseType=application/json`, '')));
  });

  test.each([
    'application/x-www-form-urlencoded; charset=UTF-8',
    'Application/X-WWW-Form-Urlencoded',
    'application/x-www-form-urlencoded;charset="utf-8"',
  ])('is read when its media type is written %s', async (type) => {
    const form = `${N53_14}&knowledgeResponseType=application/json`;
    expectArticle(read(await postForm(connector, '/infobutton', form, { 'content-type': type })));
  });

  test.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'application/xml'])(
    'is refused as %s',
    async (type) => {
      const told = await postForm(connector, '/infobutton?knowledgeResponseType=application/json', N53_14, {
        'content-type': type,
      });
      expect(told.status).toBe(415);
      expect(JSON.parse(told.body)).toMatchObject({ error: { code: 'unsupported-media-type', status: 415 } });
    },
  );

  test('carries letters beyond ASCII as UTF-8', async () => {
    const form = `${N53_14}&${dn}=Eyaculaci%C3%B3n&knowledgeResponseType=application/json`;
    const answer = read(await postForm(connector, '/infobutton', form));
    expect(answer.feed.category).toContainEqual({ scheme: dn, term: 'Eyaculación' });
  });
});

describe('numbers at the end of names', () => {
  const L70 = (number: string): string => criterion('icd10cm', 'L70', number);

  test.each([
    ['unnumbered, then 1', `${N53_14}&${L70('1')}`],
    ['0, then 1', `${criterion('icd10cm', 'N53.14', '0')}&${L70('1')}`],
    ['1, then 2', `${criterion('icd10cm', 'N53.14', '1')}&${L70('2')}`],
    ['unnumbered, then 2', `${N53_14}&${L70('2')}`],
    ['9, then 10', `${criterion('icd10cm', 'N53.14', '9')}&${L70('10')}`],
    ['in any order', `${L70('1')}&${N53_14}`],
    ['with deprecated names', `${N53_14}&mainSearchCriteria.c.cs1=${OID.icd10cm}&mainSearchCriteria.c.c1=L70`],
  ])('are read %s', async (_name, query) => {
    const answer = await askHl7(connector, query);
    expect(answer.aggregate).toBe(true);
    expect(answer.feeds.map((feed) => articleIds(feed)[0])).toEqual(['ency-001282', 'topic-acne']);
  });

  test('part no criterion where they end the name of a parameter that does not repeat', async () => {
    const answer = await askHl7(connector, `${N53_14}&informationRecipient.languageCode.c1=es&age.v.v1=6`);
    expect(answer.feed.lang).toBe('en');
    expect(answer.feed.category.map(({ scheme }) => scheme)).toEqual([c, cs]);
  });
});

describe('a reader who is not understood is read as the strictest: a patient who works the screen', () => {
  const ABUSE = criterion('icd10cm', 'T74.11XA');
  const answerTo = async (query: string): Promise<[unknown, number][]> => {
    const asked = `${ABUSE}&${query}`;
    const answers = [await askHl7(connector, asked), await askService(connector, asked)];
    return answers.map(({ headers, feed }) => [headers.get('x-answer'), feed.entry.length]);
  };

  test.each([
    ['performer=PAT', 'code-not-mapped'],
    ['performer=pat', 'code-not-mapped'],
    ['performer=PATIENT', 'code-not-mapped; unclear=performer'],
    ['performer=AAA', 'code-not-mapped; unclear=performer'],
    ['performer.v.c=PAT', 'code-not-mapped'],
    ['performer=PROV&performer=PAT', 'code-not-mapped; unclear=performer'],
    ['performer=PROV&performer.v.c=PAT', 'code-not-mapped; unclear=performer'],
    ['informationRecipient=PT', 'code-not-mapped; unclear=informationRecipient'],
  ])('%s', async (query, header) => {
    expect(await answerTo(query)).toEqual([
      [header, 0],
      [header, 0],
    ]);
  });

  test('one who is understood twice is still understood', async () => {
    const query = 'performer=PROV&performer=prov&informationRecipient=PROV';
    for (const [header, found] of await answerTo(query)) expect([header, found > 0]).toEqual(['ancestor', true]);
  });

  test('explain says what to send, and gives nothing back of what was sent', async () => {
    const { body } = await get(connector, `/infobutton?${ABUSE}&performer=zebediah&explain=true`);
    expect(body).toContain('performer was read as PAT: send PAT, PROV or PAYOR, once');
    expect(body).not.toContain('zebediah');
  });
});
