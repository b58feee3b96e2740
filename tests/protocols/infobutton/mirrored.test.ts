import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { N53_14, OID, askHl7, askService, criterion, get, postForm, termsOf } from './ask.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const CODE = 'mainSearchCriteria.v.c';
const SYSTEM = 'mainSearchCriteria.v.cs';
const OWN = [
  { scheme: CODE, term: 'N53.14' },
  { scheme: SYSTEM, term: OID.icd10cm },
];

describe('the categories of HL7’s dialect', () => {
  test('name the code system by its OID, however it was sent', async () => {
    for (const system of [OID.icd10cm, `urn:oid:${OID.icd10cm}`, 'ICD-10-CM', 'http://hl7.org/fhir/sid/icd-10-cm']) {
      const { feed } = await askHl7(connector, `${CODE}=N53.14&${SYSTEM}=${encodeURIComponent(system)}`);
      expect(feed.category).toEqual(OWN);
    }
  });

  test('name parameters as the guide spells them, however they were sent', async () => {
    const sent =
      'TASK.C.C=PROBLISTREV&SUBTOPIC.C.C0=Q000628&INFORMATIONRECIPIENT=PROV&PATIENTPERSON.administrativegendercode.C=F';
    const { feed } = await askHl7(connector, `${N53_14}&${sent}`);
    expect(feed.category).toEqual(
      expect.arrayContaining([
        { scheme: 'taskContext.c.c', term: 'PROBLISTREV' },
        { scheme: 'subTopic.v.c', term: 'Q000628' },
        { scheme: 'informationRecipient', term: 'PROV' },
        { scheme: 'patientPerson.administrativeGenderCode.c', term: 'F' },
      ]),
    );
  });

  test.each([
    ['a language that does not exist', 'informationRecipient.languageCode.c=qqq'],
    ['a recipient that does not exist', 'informationRecipient=NURSE'],
    ['a task without effect', 'taskContext.c.c=NONESUCH'],
    ['an encounter without effect', 'encounter.c.c=AMB'],
    ['a sub-topic without effect', 'subTopic.v.c=Q999999'],
    ['an age without its unit', 'age.v.v=30'],
    ['an unknown age group', 'ageGroup.v.c=D999999'],
    ['a sex that says nothing', 'patientPerson.administrativeGenderCode.c=UN'],
    [
      'an observation',
      'observation.c.c=2857-1&observation.c.cs=2.16.840.1.113883.6.1&observation.v.v=4&observation.v.u=ng/mL',
    ],
    ['a severity', 'severityObservation.interpretationCode.c=HH'],
    ['a place', 'locationOfInterest.addr.ZIP=10001&locationOfInterest.addr.CTY=New+York'],
    ['a provider', 'performer.healthCareProvider.c.c=208800000X'],
    ['the response type', 'callback=cb'],
    ['explain=false', 'explain=false'],
    ['parameters that nobody knows', '_dc=12345&patient=7'],
    ['empty values', 'taskContext.c.c=&age.v.v=&informationRecipient='],
  ])('are none for %s', async (_name, query) => {
    const { feed } = await askHl7(connector, `${N53_14}&${query}`);
    expect(feed.category).toEqual(OWN);
  });

  test('name the original text by the parameter that brought it', async () => {
    const { feed } = await askHl7(connector, `${SYSTEM}=${OID.rxnorm}&mainSearchCriteria.v.ot=Simvastatin`);
    expect(feed.entry).toHaveLength(1);
    expect(termsOf(feed, 'mainSearchCriteria.v.ot')).toEqual(['Simvastatin']);
    expect(termsOf(feed, 'mainSearchCriteria.v.dn')).toEqual([]);
  });
});

describe('an identity', () => {
  const MARK = 'Zx9identity';
  const IDENTITIES = [
    'knowledgeRequestNotification.id.root',
    'knowledgeRequestNotification.effectiveTime.v',
    'holder.assignedEntity.n',
    'holder.assignedEntity.certificateText',
    'assignedAuthorizedPerson.id.root',
    'representedOrganization.id.root',
    'assignedEntity.representedOrganization.n',
    'serviceDeliveryLocation.id.root',
    'patientPerson.id.root',
    'patientPerson.n',
    'patientPerson.birthTime.v',
    'patient.mrn',
    'patientContext.patientPerson.id.extension',
  ]
    .map((name, index) => `${name}=${MARK}${index}`)
    .join('&');

  test.each([
    ['/infobutton', 'text/xml'],
    ['/infobutton', 'application/json'],
    ['/infobutton', 'text/html'],
    ['/service', 'text/xml'],
    ['/service', 'application/json'],
    ['/application', 'text/html'],
  ])('is nowhere in what %s says as %s', async (path, type) => {
    const query = `${N53_14}&${IDENTITIES}&knowledgeResponseType=${type}&explain=true`;
    const told = await get(connector, `${path}?${query}`);
    expect(told.status).toBe(200);
    expect(told.body + JSON.stringify([...told.headers])).not.toContain(MARK);
  });

  test('is nowhere in an error either', async () => {
    const told = await get(connector, `/infobutton?${CODE}=1&${SYSTEM}=9.9.9&${IDENTITIES}&explain=true`);
    expect(told.status).toBe(400);
    expect(told.body).not.toContain(MARK);
  });

  test('that was posted is nowhere', async () => {
    const told = await postForm(
      connector,
      '/infobutton',
      `${N53_14}&${IDENTITIES}&knowledgeResponseType=application/json`,
    );
    expect(told.status).toBe(200);
    expect(told.body).not.toContain(MARK);
  });

  test('is nowhere in the log, which tells of all these requests', () => {
    const paths = JSON.stringify(connector.logLines);
    for (const path of ['/infobutton', '/service', '/application']) expect(paths).toContain(path);
    expect(paths).not.toContain(MARK);
  });
});

describe('the categories of MedlinePlus Connect’s dialect', () => {
  test('are four whatever else was sent, with code, title and recipient as sent', async () => {
    const sent =
      `${criterion('icd10cm', 'n5314')}&mainSearchCriteria.v.dn=Dry+climax&informationRecipient=PROV` +
      '&informationRecipient.languageCode.c=es&age.v.v=30&age.v.u=a&taskContext.c.c=PROBLISTREV&holder.assignedEntity.n=x';
    const { feed } = await askService(connector, sent);
    expect(feed.category).toEqual([
      { scheme: CODE, term: 'n5314' },
      { scheme: SYSTEM, term: 'ICD10CM' },
      { scheme: 'mainSearchCriteria.v.dn', term: 'Dry climax' },
      { scheme: 'informationRecipient', term: 'PROV' },
    ]);
  });
});
