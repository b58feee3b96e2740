import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, DocumentReference, OperationOutcome } from '@medplum/fhirtypes';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { CHARTS, WHO, bundle, concept, condition, medication, parameters, patient } from './charts.js';
import { ICD, askFhir, matchesOf, notesOf } from './fhir-server.js';

type Answer = Bundle<DocumentReference | OperationOutcome>;

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const PATH = '/$knowledge-request';
const JSON_TYPE = { 'content-type': 'application/fhir+json' };

async function post(body: unknown, path = PATH): Promise<{ status: number; text: string; answer: Answer }> {
  const asking = { method: 'POST' as const, headers: JSON_TYPE, body: JSON.stringify(body) };
  const { reply, resource } = await askFhir<Answer>(connector.url, path, asking);
  return { status: reply.status, text: reply.text, answer: resource };
}

const articlesOf = (answer: Answer): string[] =>
  matchesOf(answer).map(({ identifier }) => identifier?.[0]?.value ?? '');

/** The parts of what each match says it explains. */
const explained = (answer: Answer): Record<string, unknown>[][] =>
  (answer.entry ?? [])
    .filter(({ search }) => search?.mode === 'match')
    .map(({ search }) =>
      (search?.extension ?? []).map(({ extension = [] }) =>
        Object.fromEntries(extension.map(({ url, ...value }) => [url, Object.values(value)[0] as unknown])),
      ),
    );

async function refusal(body: unknown): Promise<[number, string | undefined]> {
  const asking = { method: 'POST' as const, headers: JSON_TYPE, body: JSON.stringify(body) };
  const { reply, resource } = await askFhir<OperationOutcome>(connector.url, PATH, asking);
  return [reply.status, resource.issue[0]?.code];
}

describe('whole charts', () => {
  test.each(CHARTS)('$name', async ({ body, has, hasNot, first, says }) => {
    // All that is found, chosen or not.
    const { status, text, answer } = await post(body, `${PATH}?count=50`);
    expect([status, answer.type]).toEqual([200, 'searchset']);
    const articles = articlesOf(answer);
    expect(new Set(articles).size).toBe(articles.length);
    expect(answer.total).toBe(articles.length);
    expect(articles).toEqual(expect.arrayContaining([...has]));
    for (const start of hasNot) expect(articles.filter((id) => id.startsWith(start))).toEqual([]);
    if (first !== undefined) expect(articles[0]?.startsWith(first)).toBe(true);
    const notes = notesOf(answer).join('\n');
    for (const saying of says) expect(notes).toContain(saying);
    for (const word of WHO) expect(text + JSON.stringify(connector.logLines)).not.toContain(word);
    const scores = (answer.entry ?? []).flatMap(({ search }) => search?.score ?? []);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(explained(answer).every((reasons) => reasons.length > 0)).toBe(true);
  });

  describe('a lost pregnancy is a wall over the whole chart', () => {
    const lost = condition(concept('icd', 'O03.9'), { recordedDate: '2026-10-01' });
    const expecting = (recordedDate: string) => condition(concept('icd', 'Z3A.20'), { recordedDate });
    const hcg = { resourceType: 'Observation', status: 'final', code: concept('loinc', '2106-3') };

    test('pages for those who expect are held for the clinician, whatever asks for them', async () => {
      const { answer } = await post(
        parameters(bundle(lost, expecting('2026-09-01'), condition(concept('icd', 'I10')), hcg)),
      );
      expect(articlesOf(answer)).toEqual(['topic-highbloodpressure']);
      expect(matchesOf(answer).map(({ description }) => description)).not.toContainEqual(
        expect.stringMatching(/pregnan/i),
      );
      expect(notesOf(answer)).toEqual([
        expect.stringContaining(
          'resource[0].entry[1] Condition http://hl7.org/fhir/sid/icd-10-cm|Z3A.20: held for the clinician',
        ),
        expect.stringContaining('resource[0].entry[3] Observation http://loinc.org|2106-3: held for the clinician'),
        expect.stringContaining('Articles found and not returned'),
      ]);
    });

    test('a pregnancy that was noted later is another one; a threatened loss is none', async () => {
      const { answer } = await post(parameters(bundle(lost, expecting('2026-11-01'))));
      expect(articlesOf(answer)).toEqual(['topic-pregnancy']);
      const threatened = condition(concept('icd', 'O20.0'));
      const { answer: other } = await post(parameters(bundle(threatened, expecting('2026-11-01'))));
      expect(articlesOf(other)).toContain('topic-pregnancy');
      expect(notesOf(other).join()).not.toContain('held');
    });

    test('its own pages are returned for the encounter that it is of, and last of all with a larger count', async () => {
      const visit = { resourceType: 'Encounter', id: 'e1', status: 'finished', period: { start: '2026-11-20' } };
      const of = { encounter: { reference: 'Encounter/e1' }, recordedDate: '2026-11-20' };
      const pressure = condition(concept('icd', 'I10'));
      const now = await post(parameters(bundle(visit, pressure, condition(concept('icd', 'O03.9'), of))));
      expect(articlesOf(now.answer)[0]).toBe('topic-miscarriage');
      const more = await post(parameters(bundle(visit, pressure, lost), { name: 'count', valuePositiveInt: 40 }));
      const all = articlesOf(more.answer);
      expect([all.includes('topic-miscarriage'), all[0]]).toEqual([true, 'topic-highbloodpressure']);
      const past = all.filter((id) => /miscarriage|ency-001488/.test(id));
      expect(all.slice(-past.length)).toEqual(past);
    });

    test('a stillborn child’s page stays, of whom the mother reads', async () => {
      const { answer } = await post(parameters(bundle(condition(concept('icd', 'O36.4XX0')))));
      expect(articlesOf(answer)).toEqual(expect.arrayContaining(['topic-stillbirth', 'encypi-000626']));
    });
  });

  test('problems come before medications and tests; one article names every input that it explains', async () => {
    const { answer } = await post(CHARTS[0]?.body, `${PATH}?count=50`);
    // The SNOMED CT code has a row of its own, the ICD-10-CM code that of its category.
    expect(explained(answer)[0]).toEqual([
      {
        position: 'resource[0].entry[4]',
        type: 'Condition',
        coding: { system: 'http://snomed.info/sct', code: '44054006' },
        relationship: 'equivalent',
        path: 'asked http://snomed.info/sct|44054006',
      },
      {
        position: 'resource[0].entry[3]',
        type: 'Condition',
        coding: { system: ICD, code: 'E11.9' },
        relationship: 'broader',
        path: `asked ${ICD}|E11.9 > ancestor ${ICD}|E11`,
      },
    ]);
    const types = explained(answer).map(([best]) => best?.type);
    expect([...new Set(types)]).toEqual(['Condition', 'MedicationRequest', 'Observation']);
  });

  test('of several codings that are the same thing, the one that answers is named', async () => {
    const both = { coding: [concept('icd', 'E11.9'), concept('sct', '44054006')].flatMap(({ coding }) => coding) };
    const { answer } = await post(condition(both));
    expect(explained(answer)[0]).toEqual([
      expect.objectContaining({
        coding: { system: 'http://snomed.info/sct', code: '44054006' },
        path: 'asked http://snomed.info/sct|44054006',
        position: 'resource[0]',
      }),
    ]);
  });

  test('an allergy says what it was asked as', async () => {
    const { answer } = await post(CHARTS.find(({ name }) => name === 'allergy to penicillin')?.body);
    const paths = explained(answer).flatMap((reasons) => reasons.map(({ path }) => path));
    const rxnorm = 'http://www.nlm.nih.gov/research/umls/rxnorm';
    expect(paths).toContain(`asked ${rxnorm}|7980 > subject ${ICD}|Z88.9 > ancestor ${ICD}|Z88`);
  });

  test('sensitive articles are marked', async () => {
    const chart = bundle(condition(concept('icd', 'T74.11XA')));
    const { answer } = await post(parameters(chart, { name: 'performer', valueCode: 'PROV' }));
    const labels = matchesOf(answer).flatMap(({ meta }) => meta?.security?.map(({ code }) => code) ?? []);
    expect(labels).toContain('SDV');
  });

  test('what is over is asked about on wish', async () => {
    const chart = CHARTS[0]?.body as { parameter: unknown[] };
    const wish = { name: 'includeInactive', valueBoolean: true };
    const { answer } = await post({ ...chart, parameter: [...chart.parameter, wish] });
    expect(articlesOf(answer)).toContain('topic-highbloodpressure');
  });

  test('a Medication is found where it is contained, in the Bundle, or by its name', async () => {
    const code = concept('rx', '6809', 'metformin');
    const byReference = (reference: Record<string, unknown>, more = {}) =>
      medication({}, { medicationCodeableConcept: undefined, medicationReference: reference, ...more });
    const contained = [{ resourceType: 'Medication', id: 'm', code }];
    const chart = bundle(
      byReference({ reference: '#m' }, { contained }),
      byReference({ reference: 'Medication/abc' }),
      byReference({ display: 'metformin 500 mg tablet' }),
      byReference({ reference: 'Medication/gone' }),
      { resourceType: 'Medication', id: 'abc', code },
    );
    const { answer } = await post(parameters(chart));
    expect(explained(answer)[0]?.map(({ position }) => position)).toEqual(
      [0, 1, 2].map((n) => `resource[0].entry[${n}]`),
    );
    expect(notesOf(answer)).toEqual(['resource[0].entry[3] MedicationRequest: left out: the Medication was not sent.']);
  });

  test('a remark says where in what was posted its input stands, as FHIRPath', async () => {
    const unmapped = condition(concept('icd', 'U99.8'));
    const expressions = async (body: unknown, query = ''): Promise<unknown[]> => {
      const { answer } = await post(body, `${PATH}${query}`);
      return (answer.entry ?? []).flatMap(({ resource }) =>
        resource?.resourceType === 'OperationOutcome'
          ? resource.issue.flatMap(({ expression }) => expression ?? [undefined])
          : [],
      );
    };
    const chart = bundle(patient('male', '1961'), condition(concept('icd', 'I10')), bundle(unmapped), unmapped);
    const coding = { name: 'coding', valueCoding: { system: ICD, code: 'U99.8' } };
    const ask = { resourceType: 'Parameters', parameter: [coding, { name: 'resource', resource: chart }] };
    const inChart = ['entry[2].resource.entry[0].resource', 'entry[3].resource'];
    const inParameters = inChart.map((place) => `Parameters.parameter[1].resource.${place}`);
    expect(await expressions(ask)).toEqual(['Parameters.parameter[0]', ...inParameters]);
    expect(await expressions(chart)).toEqual(inChart.map((place) => `Bundle.${place}`));
    expect(await expressions(unmapped)).toEqual(['Condition']);
    expect(await expressions(unmapped, `?code=${encodeURIComponent(`${ICD}|U99.8`)}`)).toEqual([
      undefined,
      'Condition',
    ]);
  });

  test('a resource may be the whole body, also at the type', async () => {
    const { answer } = await post(bundle(patient('male', '1961'), condition(concept('icd', 'L70.0'))));
    expect(articlesOf(answer)).toContain('topic-acne');
    const { status, answer: ofType } = await post(condition(concept('icd', 'L70.0')), `/DocumentReference${PATH}`);
    expect([status, articlesOf(ofType)]).toEqual([200, articlesOf(answer)]);
    expect(ofType.link).toEqual([
      { relation: 'self', url: `${connector.url}/fhir/DocumentReference/$knowledge-request` },
    ]);
  });
});

describe('what is chosen', () => {
  const encounter = (id: string, code: string, start: string) => ({
    ...{ resourceType: 'Encounter', id, status: 'finished', class: { code }, period: { start } },
  });
  const of = (id: string) => ({ encounter: { reference: `Encounter/${id}` } });
  const problems = (id: string, ...codes: string[]) => codes.map((code) => condition(concept('icd', code), of(id)));
  const drugs = (id: string, ...codes: string[]) => codes.map((code) => medication(concept('rx', code), of(id)));
  const everyday = ['I10', 'E11.9', 'J45.909', 'M17.9', 'K21.9', 'G43.909'];
  const ask = async (resources: Record<string, unknown>[], ...more: Record<string, unknown>[]) =>
    (await post(parameters(bundle(...resources), ...more))).answer;

  test('is bounded by the class of the encounter, by the setting that the request names, or by its count', async () => {
    const chart = (code: string) => [encounter('e1', code, '2026-11-20'), ...problems('e0', ...everyday)];
    const totals = async (code: string, ...more: Record<string, unknown>[]) => (await ask(chart(code), ...more)).total;
    expect([await totals('AMB'), await totals('EMER'), await totals('IMP')]).toEqual([5, 3, 6]);
    expect(await totals('AMB', { name: 'setting', valueCode: 'EMER' })).toBe(3);
    expect(await totals('AMB', { name: 'taskContext', valueCode: 'DISCHINSTE' })).toBe(6);
    expect(await totals('EMER', { name: 'count', valuePositiveInt: 40 })).toBeGreaterThan(6);
    expect(await totals('EMER', { name: 'performer', valueCode: 'PAT' })).toBe(0);
    const notes = notesOf(await ask(chart('EMER')));
    expect(notes.at(-1)).toMatch(/^Articles found and not returned: \d+\. A larger count/);
    const cut = notes.filter((note) => note.startsWith('Found and not returned, beyond the number of pages'));
    expect(cut).toHaveLength(3);
    expect(cut[0]).toMatch(
      /: .+ \(resource\[0\]\.entry\[\d\] Condition http:\/\/hl7\.org\/fhir\/sid\/icd-10-cm\|[A-Z0-9.]+\)\.$/,
    );
  });

  test('begins with this encounter: the newest, or the one that the request names', async () => {
    const chart = [
      encounter('old', 'AMB', '2026-01-10'),
      encounter('new', 'AMB', '2026-11-20'),
      ...problems('old', 'M17.9'),
      ...problems('new', 'G43.909'),
    ];
    const first = async (...more: Record<string, unknown>[]) => articlesOf(await ask(chart, ...more))[0];
    expect(await first()).toBe('topic-migraine');
    expect(await first({ name: 'encounter', valueReference: { reference: 'Encounter/old' } })).toBe(
      'topic-osteoarthritis',
    );
    const named = await post(bundle(...chart), `${PATH}?encounter=Encounter/old`);
    expect(articlesOf(named.answer)[0]).toBe('topic-osteoarthritis');
  });

  test('never lacks a new drug, whatever the count', async () => {
    const chart = [
      encounter('e1', 'EMER', '2026-11-20'),
      ...problems('e1', 'J18.9', 'I10'),
      ...drugs('e1', '6809', '29046', '36567', '1364430'),
    ];
    const isDrug = (id: string) => id.startsWith('drug-');
    const count = { name: 'count', valuePositiveInt: 1 };
    for (const more of [[], [count]]) expect(articlesOf(await ask(chart, ...more)).filter(isDrug)).toHaveLength(4);
    expect(articlesOf(await ask(chart, count))).toHaveLength(5);
  });

  test('is nothing for a patient who has died, unless it is asked all the same', async () => {
    const chart = [{ ...patient('male', '1950-01-01'), deceasedBoolean: true }, ...problems('e1', 'I10', 'E11.9')];
    const answer = await ask(chart);
    expect([answer.total, notesOf(answer)]).toEqual([0, [expect.stringContaining('the patient has died')]]);
    expect((await ask(chart, { name: 'includeDeceased', valueBoolean: true })).total).toBe(2);
  });

  test('is in the language of the parent who reads for a child', async () => {
    const speaks = (code: string) => ({ communication: [{ preferred: true, language: { coding: [{ code }] } }] });
    const parent = { resourceType: 'RelatedPerson', ...speaks('es') };
    const languages = async (born: string) => {
      const chart = [{ ...patient('male', born), ...speaks('en') }, parent, ...problems('e1', 'J45.909', 'L20.9')];
      return [...new Set(matchesOf(await ask(chart)).map(({ language }) => language))];
    };
    expect([await languages('2019-01-01'), await languages('1980-01-01')]).toEqual([['es'], ['en']]);
  });

  test('windows are the request’s where it names them', async () => {
    const given = { resourceType: 'Immunization', status: 'completed', vaccineCode: concept('cvx', '10') };
    const chart = [{ ...given, occurrenceDateTime: '2026-11-04' }, ...problems('e1', 'I10')];
    expect(articlesOf(await ask(chart))).not.toContain('vis-polio');
    expect(articlesOf(await ask(chart, { name: 'vaccineDays', valueUnsignedInt: 30 }))).toContain('vis-polio');
  });
});

describe('codes', () => {
  const get = async (query: string): Promise<Answer> =>
    (await askFhir<Answer>(connector.url, `${PATH}?${query}`)).resource;

  test('by GET, with their system; the answer names no input in its link', async () => {
    const answer = await get(`code=J45.909&system=${ICD}&age=7&ageUnit=a&patientSex=female`);
    expect(articlesOf(answer)[0]).toBe('topic-asthmainchildren');
    expect(answer.link?.map(({ url }) => url)).toEqual([`${connector.url}/fhir/$knowledge-request`]);
    const byOid = await get(`code=J45.909&system=urn:oid:2.16.840.1.113883.6.90&birthDate=2019-01-05`);
    expect(articlesOf(byOid)[0]).toBe('topic-asthmainchildren');
    expect(articlesOf(await get(`code=${ICD}|L70.0&code=${ICD}|I10`))).toEqual(
      expect.arrayContaining(['topic-acne', 'topic-highbloodpressure']),
    );
  });

  test('a setting puts instructions first, a task topics; count is of the whole answer', async () => {
    const query = `code=I50.9&system=${ICD}`;
    expect(articlesOf(await get(`${query}&encounter=IMP`))[0]).toMatch(/^encypi-/);
    expect(articlesOf(await get(`${query}&taskContext=PATEDUE`))[0]).toMatch(/^topic-/);
    const one = await get(`${query}&count=1`);
    expect([one.total, articlesOf(one).length]).toEqual([1, 1]);
    expect(notesOf(one).join()).toMatch(/^Articles found and not returned/);
  });

  test('articles come in the language asked for; the asker reads for himself where he is the patient', async () => {
    const query = `code=E11.9&system=${ICD}&count=1`;
    const languages = async (more: string) => matchesOf(await get(`${query}&${more}`)).map(({ language }) => language);
    expect(await languages('informationRecipientLanguage=es-MX')).toEqual(['es']);
    expect(await languages('performer=PAT&performerLanguage=es')).toEqual(['es']);
    expect(await languages('performer=PROV&performerLanguage=es')).toEqual(['en']);
    expect(await languages('recipientLanguage=spa')).toEqual(['es']);
  });

  test('a patient is answered in the language that the chart says is preferred; the request beats the chart', async () => {
    const speaks = (...spoken: { code: string; preferred?: boolean }[]) => ({
      ...patient('female', '1961'),
      communication: spoken.map(({ code, ...rest }) => ({ language: { coding: [{ code }] }, ...rest })),
    });
    const asked = async (who: ReturnType<typeof patient>, ...more: ReturnType<typeof patient>[]) => {
      const { answer } = await post(parameters(bundle(who, condition(concept('icd', 'I10'))), ...more));
      return [...new Set(matchesOf(answer).map(({ language }) => language))];
    };
    const both = speaks({ code: 'en' }, { code: 'es-MX', preferred: true });
    expect(await asked(both)).toEqual(['es']);
    expect(await asked(speaks({ code: 'es' }))).toEqual(['es']);
    expect(await asked(speaks({ code: 'es' }, { code: 'en' }))).toEqual(['en']);
    expect(await asked(both, { name: 'informationRecipientLanguage', valueCode: 'en' })).toEqual(['en']);
    expect(await asked(both, { name: 'informationRecipient', valueCode: 'PROV' })).toEqual(['en']);
  });

  test('a language that is none of ours is told of first, and articles name pages in it', async () => {
    const query = 'code=03&system=http://hl7.org/fhir/sid/cvx';
    const answer = await get(`${query}&informationRecipientLanguage=vi`);
    expect(answer.entry?.[0]?.search?.mode).toBe('outcome');
    expect(notesOf(answer)[0]).toBe(
      'Vietnamese was requested, and no article here is in it: the extension other-language names pages that are; offer an interpreter.',
    );
    const [statement] = matchesOf(answer);
    const pages = (statement?.extension ?? []).filter((one) => one.url.endsWith('/other-language'));
    expect(pages.map(({ valueAttachment }) => valueAttachment?.language)).toContain('zh-Hans');
    expect(pages.find(({ valueAttachment }) => valueAttachment?.language === 'vi')?.valueAttachment).toEqual({
      contentType: 'application/pdf',
      language: 'vi',
      url: 'https://www.immunize.org/wp-content/uploads/vis/vietnamese_mmr.pdf',
      title: 'MMR Vaccine (Measles, Mumps, Rubella) (Immunize.org)',
    });
    // The article's own language is no other one, and its content is what it was.
    expect(pages.map(({ valueAttachment }) => valueAttachment?.language)).not.toContain('en');
    expect(statement?.content).toHaveLength(1);
    expect(notesOf(await get(`${query}&informationRecipientLanguage=pl`))[0]).toMatch(/^Polish was requested/);
    expect(notesOf(await get(query)).join()).not.toContain('was requested');
  });

  test('the language that a chart prefers is told of too, unless the request names one or a clinician reads', async () => {
    const patientOf = {
      ...patient('female', '1961'),
      communication: [{ language: { coding: [{ code: 'vi' }] }, preferred: true }],
    };
    const notes = async (...more: { name: string; valueCode: string }[]) =>
      notesOf((await post(parameters(bundle(patientOf, condition(concept('icd', 'J45.909'))), ...more))).answer).join();
    expect(await notes()).toContain('Vietnamese was requested, and no article here is in it: offer an interpreter.');
    expect(await notes({ name: 'informationRecipientLanguage', valueCode: 'es' })).not.toContain('was requested');
    expect(await notes({ name: 'informationRecipient', valueCode: 'PROV' })).not.toContain('was requested');
  });

  test('nothing of what is asked is logged or kept', async () => {
    const before = connector.logLines.length;
    await get(`code=O03.9&system=${ICD}&birthDate=1991-07-13&patientSex=female`);
    await get(`code=O03.9&system=${ICD}&birthDate=1991-07-13&patientSex=female`);
    const lines = connector.logLines.slice(before);
    expect(JSON.stringify(lines)).not.toMatch(/O03|1991-07|female/);
    const { reply } = await askFhir(connector.url, `${PATH}?code=O03.9&system=${ICD}`);
    expect(reply.headers['cache-control']).toBe('no-store');
  });

  test('codings and concepts that find nothing are told of', async () => {
    const { status, answer } = await post({
      resourceType: 'Parameters',
      parameter: [
        { name: 'coding', valueCoding: { system: 'http://local.example/codes', code: 'XYZ' } },
        { name: 'codeableConcept', valueCodeableConcept: { text: 'Zebediah feels unwell' } },
        { name: 'coding', valueCoding: { system: ICD, code: 'Zebediah 1' } },
      ],
    });
    expect([status, answer.total]).toEqual([200, 0]);
    expect(notesOf(answer)).toEqual([
      'coding[0] Coding http://local.example/codes|XYZ: the code system is unknown.',
      expect.stringMatching(/^coding\[1\] Coding: /),
      expect.stringMatching(/^codeableConcept\[0\] CodeableConcept: /),
    ]);
    expect(JSON.stringify(answer)).not.toContain('Zebediah');
  });

  test('XML is asked and answered', async () => {
    const body = `<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="coding"/><valueCoding><system value="${ICD}"/><code value="L70.0"/></valueCoding></parameter></Parameters>`;
    const reply = await fetch(`${connector.url}/fhir${PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+xml', accept: 'application/fhir+xml' },
      body,
    });
    expect(reply.status).toBe(200);
    expect(await reply.text()).toContain('acne');
  });
});

describe('refusals', () => {
  const icd = { name: 'coding', valueCoding: { system: ICD, code: 'L70.0' } };
  const withParameter = (...more: unknown[]) => ({ resourceType: 'Parameters', parameter: [icd, ...more] });

  test.each([
    ['nothing at all', { resourceType: 'Parameters' }, 400, 'required'],
    [
      'a code without its system',
      { resourceType: 'Parameters', parameter: [{ name: 'code', valueCode: 'E11' }] },
      400,
      'required',
    ],
    ['an age without its unit', withParameter({ name: 'age', valueDecimal: 7 }), 400, 'value'],
    ['a performer who is none', withParameter({ name: 'performer', valueCode: 'NURSE' }), 400, 'value'],
    ['a birth date to come', withParameter({ name: 'birthDate', valueDate: '2031-01-01' }), 400, 'value'],
    ['a count of none', withParameter({ name: 'count', valuePositiveInt: 0 }), 400, 'value'],
    ['Bundles in Bundles in Bundles', bundle(bundle(bundle(bundle()))), 400, 'structure'],
    [
      'too many resources',
      bundle(...Array.from({ length: 5001 }, () => ({ resourceType: 'Condition' }))),
      413,
      'too-costly',
    ],
    [
      'too many things',
      bundle(...Array.from({ length: 1001 }, (_, n) => condition(concept('icd', `A${n}`)))),
      400,
      'too-long',
    ],
  ])('%s', async (_name, body, status, code) => {
    expect(await refusal(body)).toEqual([status, code]);
  });

  test.each([
    ['no resource in it', bundle()],
    ['a patient alone', bundle(patient('male', '1961-01-01'))],
  ])('nothing usable is no error: %s', async (_name, body) => {
    const { status, answer } = await post(body);
    expect([status, answer.total]).toEqual([200, 0]);
  });

  test.each([
    ['elements of wrong types', bundle({ resourceType: 'Condition', code: 5, clinicalStatus: [], subject: 'x' })],
    ['an entry that is none', { resourceType: 'Bundle', type: 'searchset', entry: [null, 7, { resource: [] }] }],
  ])('what is no FHIR is never our fault: %s', async (_name, body) => {
    const { status } = await post(body);
    expect([200, 400]).toContain(status);
  });
});

test('what a title led to is marked in the outcome, with its place', async () => {
  const display = 'Asthma';
  const coded = { coding: [{ system: 'urn:oid:1.2.3.4', code: 'A1', display }] };
  const { answer } = await post({
    resourceType: 'Parameters',
    parameter: [{ name: 'codeableConcept', valueCodeableConcept: coded }],
  });
  expect(articlesOf(answer)).toEqual(['topic-asthma']);
  expect(explained(answer)[0]?.[0]?.['path']).toBe('title Asthma');
  expect(notesOf(answer).join()).toContain('codeableConcept[0]: found by the title sent with the code');
});
