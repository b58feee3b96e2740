import type {
  Bundle,
  CodeSystem,
  ConceptMap,
  OperationOutcome,
  Parameters,
  Resource,
  ValueSet,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LIMITS } from '../../../src/limits.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { ICD, askFhir } from './fhir-server.js';
import { beLongSuffering } from '../../support/patience.js';

beLongSuffering();

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const ARTICLES = (): string => `${connector.config.canonicalBase}/CodeSystem/articles`;
// The type says what a test expects; whether it came is for the schema and the test to check.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
const get = async <T extends Resource>(path: string): Promise<{ status: number; resource: T }> => {
  const { reply, resource } = await askFhir<T>(connector.url, path);
  return { status: reply.status, resource };
};
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
const post = async <T extends Resource>(path: string, body: Resource): Promise<{ status: number; resource: T }> => {
  const asking = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/fhir+json' },
  } as const;
  const { reply, resource } = await askFhir<T>(connector.url, path, asking);
  return { status: reply.status, resource };
};

type Value = Record<string, unknown>;
const valueOf = (part: object | undefined): unknown =>
  Object.entries(part ?? {}).find(([key]) => key.startsWith('value'))?.[1];
const value = (parameters: Parameters, name: string): unknown =>
  valueOf(parameters.parameter?.find((one) => one.name === name));
const matchesOf = (parameters: Parameters): string[] =>
  (parameters.parameter ?? [])
    .filter(({ name }) => name === 'match')
    .map(({ part = [] }) => {
      const [equivalence, concept] = ['equivalence', 'concept'].map((name) =>
        valueOf(part.find((one) => one.name === name)),
      );
      return `${String(equivalence)} ${(concept as Value | undefined)?.code as string}`;
    });
const codesOf = ({ expansion }: ValueSet): string[] => (expansion?.contains ?? []).map(({ code = '' }) => code);
const issueOf = ({ issue: [first] }: OperationOutcome): string => `${first?.severity ?? ''} ${first?.code ?? ''}`;

const sending = (...parameter: NonNullable<Parameters['parameter']>): Parameters => ({
  resourceType: 'Parameters',
  parameter,
});

describe('terminology resources', () => {
  test('each code system says how much of it is held', async () => {
    const { resource } = await get<Bundle<CodeSystem>>(`/CodeSystem?url=${ICD}`);
    expect(resource.total).toBe(1);
    const [entry] = resource.entry ?? [];
    expect(entry?.resource).toMatchObject({ id: 'icd-10-cm', content: 'fragment', hierarchyMeaning: 'is-a' });
    const read = await get<CodeSystem>('/CodeSystem/icd-10-cm');
    // Of a fragment no release is known, and more may be mapped than is described.
    expect([read.resource.version, read.resource.count]).toEqual([undefined, undefined]);
    const { resource: snomed } = await get<CodeSystem>('/CodeSystem/snomed-ct');
    expect([snomed.content, snomed.hierarchyMeaning, snomed.filter]).toEqual(['fragment', undefined, undefined]);
    expect((await get('/CodeSystem/nothing')).status).toBe(404);
  });

  test('articles and their kinds are code systems, whole', async () => {
    const { resource } = await get<CodeSystem>('/CodeSystem/articles');
    expect(resource.concept).toHaveLength(resource.count ?? 0);
    expect(resource.concept?.find(({ code }) => code === 'ency-001282')).toMatchObject({
      designation: expect.arrayContaining([expect.objectContaining({ language: 'es' })]),
    });
    expect((await get<CodeSystem>('/CodeSystem/article-kinds')).resource.concept).toHaveLength(10);
  });

  test('a mapping file is a ConceptMap that can be read whole', async () => {
    const { resource } = await get<ConceptMap>('/ConceptMap/icd-10-cm-to-articles');
    const [group] = resource.group ?? [];
    expect(group).toMatchObject({ source: ICD, target: ARTICLES() });
    expect(group?.element.length).toBeGreaterThan(5000);
    const own = group?.element.find(({ code }) => code === 'N53.14');
    expect(own?.target?.[0]).toMatchObject({ code: 'ency-001282', equivalence: 'equivalent' });
    const unmatched = group?.element
      .flatMap(({ target = [] }) => target)
      .find(({ equivalence }) => equivalence === 'unmatched');
    expect(unmatched?.code).toBeUndefined();
    expect(unmatched?.comment).toBeTruthy();
    const found = await get<Bundle>(`/ConceptMap?source-system=${ICD}&_summary=count`);
    expect(found.resource.total).toBeGreaterThan(0);
  });

  test('every code system has the value set of all its codes', async () => {
    const { resource } = await get<ValueSet>('/ValueSet/icd-10-cm-all');
    expect(resource.compose?.include).toEqual([{ system: ICD }]);
  });
});

describe('CodeSystem $lookup', () => {
  test('a code, with or without its dot, and its place', async () => {
    const { status, resource } = await get<Parameters>(`/CodeSystem/$lookup?system=${ICD}&code=e113`);
    expect([status, value(resource, 'code'), value(resource, 'name')]).toEqual([200, 'E11.3', 'Icd10Cm']);
    const properties = (resource.parameter ?? []).filter(({ name }) => name === 'property');
    const told = properties.map(({ part }) => `${String(valueOf(part?.[0]))} ${String(valueOf(part?.[1]))}`);
    expect(told).toContain('parent E11');
  });

  test.each([
    ['an unknown code', `system=${ICD}&code=Z99.ZZ`, 404, 'error not-found'],
    ['an unknown system', 'system=http://nowhere.example&code=1', 404, 'error not-found'],
    ['no code', `system=${ICD}`, 400, 'error required'],
    ['no system', 'code=E11', 400, 'error required'],
  ])('%s', async (_, query, status, issue) => {
    const answer = await get<OperationOutcome>(`/CodeSystem/$lookup?${query}`);
    expect([answer.status, issueOf(answer.resource)]).toEqual([status, issue]);
  });

  test('an article', async () => {
    const { resource } = await get<Parameters>(
      `/CodeSystem/$lookup?system=${ARTICLES()}&code=ency-001282&displayLanguage=es`,
    );
    expect(value(resource, 'display')).toMatch(/eyacul/i);
  });
});

describe('CodeSystem $subsumes', () => {
  test.each([
    ['E11', 'E11.3', 'subsumes'],
    // Not among the codes that the library describes: its letters place it.
    ['E11', 'E11.9', 'subsumes'],
    ['E11.9', 'E11', 'subsumed-by'],
    ['E11.9', 'E11.9', 'equivalent'],
    ['E11.9', 'J45', 'not-subsumed'],
    ['E11.3', 'E11', 'subsumed-by'],
    ['E11', 'E11', 'equivalent'],
    ['E11', 'J45', 'not-subsumed'],
    ['E08-E13', 'E11.3', 'subsumes'],
  ])('%s and %s: %s', async (codeA, codeB, outcome) => {
    const { resource } = await get<Parameters>(`/CodeSystem/icd-10-cm/$subsumes?codeA=${codeA}&codeB=${codeB}`);
    expect(value(resource, 'outcome')).toBe(outcome);
  });
});

describe('$validate-code', () => {
  test('of a code system', async () => {
    const good = await get<Parameters>(`/CodeSystem/$validate-code?url=${ICD}&code=E11`);
    expect([value(good.resource, 'result'), value(good.resource, 'display')]).toEqual([
      true,
      'Type 2 diabetes mellitus',
    ]);
    const unknown = await get<Parameters>(`/CodeSystem/icd-10-cm/$validate-code?code=E11.3292`);
    expect(value(unknown.resource, 'result')).toBe(true);
    expect(value(unknown.resource, 'message')).toMatch(
      /only a fragment of it is held here, so the code may exist; .education-connect import icd-10-cm. imports the whole/,
    );
    const impossible = await get<Parameters>(`/CodeSystem/icd-10-cm/$validate-code?code=11E`);
    expect([value(impossible.resource, 'result'), value(impossible.resource, 'message')]).toEqual([
      false,
      expect.stringMatching(/have another form$/),
    ]);
  });

  test.each([
    ['http://snomed.info/sct', '195967001', false],
    ['http://loinc.org', '4548-4', false],
    ['http://www.nlm.nih.gov/research/umls/rxnorm', '6809', true],
    ['http://hl7.org/fhir/sid/cvx', '140', false],
    ['http://hl7.org/fhir/sid/ndc', '00002-1433-80', false],
    [ICD, 'Z99.89', true],
  ])('a real code of a system held in part: %s %s', async (system, code, mayWarn) => {
    const answers = [
      await get<Parameters>(`/CodeSystem/$validate-code?url=${system}&code=${code}`),
      await get<Parameters>(`/ValueSet/$validate-code?url=${system}?fhir_vs&system=${system}&code=${code}`),
    ];
    for (const { resource } of answers) {
      expect([value(resource, 'result'), value(resource, 'version')]).toEqual([true, undefined]);
      if (!mayWarn) expect(value(resource, 'message')).toBeUndefined();
    }
    // Of what is neither described nor mapped nothing is known, not even whether it exists.
    const subsumes = await get<Parameters>(`/CodeSystem/$subsumes?system=${system}&codeA=${code}&codeB=${code}`);
    if (!mayWarn) expect(value(subsumes.resource, 'outcome')).toBe('equivalent');
  });

  test.each([
    ['http://hl7.org/fhir/sid/cvx', '140', 'Influenza, split virus, trivalent, PF'],
    ['http://loinc.org', '4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood'],
  ])('a name that may be held is told, and no other name is an error: %s %s', async (system, code, display) => {
    const named = await get<Parameters>(`/CodeSystem/$lookup?system=${system}&code=${code}`);
    expect(value(named.resource, 'display')).toBe(display);
    const { resource: bundle } = await get<Bundle>(`/CodeSystem?url=${system}`);
    const copyright = (bundle.entry?.[0]?.resource as CodeSystem | undefined)?.copyright;
    expect(copyright?.includes('Regenstrief')).toBe(system.includes('loinc') || undefined);
    const other = await get<Parameters>(`/CodeSystem/$validate-code?url=${system}&code=${code}&display=shot`);
    expect([value(other.resource, 'result'), value(other.resource, 'message')]).toEqual([
      true,
      expect.stringMatching(/^Wrong Display Name 'shot'/),
    ]);
  });

  test('what only a lookup table knows is checked code by code, and not listed', async () => {
    const url = 'http://hl7.org/fhir/sid/ndc';
    const unknown = await get<Parameters>(`/CodeSystem/$validate-code?url=${url}&code=99999-9999-99`);
    expect([value(unknown.resource, 'result'), value(unknown.resource, 'message')]).toEqual([
      true,
      expect.stringMatching(/only a fragment/),
    ]);
    const { status, resource } = await get<OperationOutcome>('/ValueSet/ndc-all/$expand?count=1');
    expect([status, issueOf(resource)]).toEqual([422, 'error too-costly']);
    // A package is named by the drug in it, as RxNorm calls it, and is told to be.
    const named = await get<Parameters>(`/CodeSystem/$lookup?system=${url}&code=00002-1433-80`);
    const display = String(value(named.resource, 'display'));
    expect(display).toMatch(/dulaglutide/i);
    expect(named.resource.parameter).toContainEqual({
      name: 'property',
      part: [
        { name: 'code', valueCode: 'rxnorm' },
        {
          name: 'value',
          valueCoding: {
            system: 'http://www.nlm.nih.gov/research/umls/rxnorm',
            code: expect.stringMatching(/^\d+$/),
            display,
          },
        },
      ],
    });
    // No name that is sent is judged by it.
    const sent = await get<Parameters>(`/CodeSystem/$validate-code?url=${url}&code=00002-1433-80&display=Trulicity`);
    expect([value(sent.resource, 'result'), value(sent.resource, 'message')]).toEqual([true, undefined]);
  });

  test('a system that nothing here leads from is not held, and no value set of it is', async () => {
    const url = 'http://www.ama-assn.org/go/cpt';
    const { resource } = await get<Parameters>(`/CodeSystem/$validate-code?url=${url}&code=99213`);
    expect([value(resource, 'result'), String(value(resource, 'message')).includes(url)]).toEqual([false, true]);
    const rejected = ['/CodeSystem/$lookup?code=99213&system=', '/ValueSet/$expand?url='];
    for (const path of rejected)
      expect((await get(`${path}${url}${path.includes('url') ? '?fhir_vs' : ''}`)).status).toBe(404);
    expect((await get('/CodeSystem/cpt')).status).toBe(404);
  });

  test.each(['snomed-ct', 'loinc', 'rxnorm', 'cvx', 'icd-10-cm'])(
    'all codes of %s are those of the fragment',
    async (id) => {
      const { resource } = await get<ValueSet>(`/ValueSet/${id}-all/$expand?count=1`);
      expect(resource.expansion?.total).toBeGreaterThan(100);
      expect(resource.expansion?.contains?.length).toBe(1);
    },
  );

  test("the name of a code that is only mapped is its publisher's", async () => {
    const { status, resource } = await get<OperationOutcome>(
      '/CodeSystem/$lookup?system=http://snomed.info/sct&code=195967001',
    );
    expect([status, resource.issue[0]?.details?.text]).toEqual([
      404,
      expect.stringMatching(/belongs to the publisher of SNOMED CT/),
    ]);
  });

  test('a coding of another code system than the one asked about is not one of it', async () => {
    const coding = { name: 'coding', valueCoding: { system: ICD, code: 'E11' } };
    const sendTo = async (path: string, url: string): Promise<unknown> => {
      const body: Parameters = { resourceType: 'Parameters', parameter: [{ name: 'url', valueUri: url }, coding] };
      return value((await post<Parameters>(path, body)).resource, 'result');
    };
    expect(await sendTo('/CodeSystem/$validate-code', 'http://loinc.org')).toBe(false);
    expect(await sendTo('/CodeSystem/$validate-code', ICD)).toBe(true);
    expect(await sendTo('/CodeSystem/$validate-code', 'urn:oid:2.16.840.1.113883.6.90')).toBe(true);
  });

  test('of a value set, with a wrong display', async () => {
    const query = `url=${ICD}?fhir_vs=isa/E11&system=${ICD}&code=E11.3`;
    expect(value((await get<Parameters>(`/ValueSet/$validate-code?${query}`)).resource, 'result')).toBe(true);
    const wrong = await get<Parameters>(`/ValueSet/$validate-code?${query}&display=Gout`);
    expect([value(wrong.resource, 'result'), value(wrong.resource, 'message')]).toEqual([
      false,
      expect.stringMatching(/^Wrong Display/),
    ]);
    const outside = await get<Parameters>(`/ValueSet/$validate-code?url=${ICD}?fhir_vs=isa/E11&system=${ICD}&code=J45`);
    expect(value(outside.resource, 'result')).toBe(false);
  });

  test('a value set that is not there is an error', async () => {
    const { status, resource } = await get<OperationOutcome>(
      `/ValueSet/$validate-code?url=http://nowhere.example&code=1&system=${ICD}`,
    );
    expect([status, issueOf(resource)]).toEqual([404, 'error not-found']);
  });
});

describe('ValueSet $expand', () => {
  test('page by page: the total stays, the pages follow each other', async () => {
    const path = `/ValueSet/$expand?url=${ICD}?fhir_vs=isa/E11`;
    const whole = await get<ValueSet>(path);
    expect(whole.resource.expansion?.total).toBe(codesOf(whole.resource).length);
    expect(codesOf(whole.resource)[0]).toBe('E11');
    const page = await get<ValueSet>(`${path}&offset=2&count=3`);
    expect(codesOf(page.resource)).toEqual(codesOf(whole.resource).slice(2, 5));
    expect(page.resource.expansion).toMatchObject({ offset: 2, total: whole.resource.expansion?.total });
  });

  test('of our own articles: all of them', async () => {
    const { resource } = await get<ValueSet>('/ValueSet/articles-all/$expand?count=2');
    expect(resource.expansion?.total).toBe(connector.library.status().articles);
  });

  test('words that are more than a search may look for', async () => {
    const filter = (length: number) => encodeURIComponent('asthma '.repeat(length).slice(0, length - 1) + 'a');
    const expand = (length: number) =>
      get<ValueSet | OperationOutcome>(`/ValueSet/icd-10-cm-all/$expand?count=1&filter=${filter(length)}`);
    expect((await expand(LIMITS.maxQueryChars)).status).toBe(200);
    const { status, resource } = await expand(LIMITS.maxQueryChars + 1);
    expect([status, issueOf(resource as OperationOutcome)]).toEqual([400, 'error too-long']);
  });

  test('what is too large to be given at once', async () => {
    const { status, resource } = await get<OperationOutcome>('/ValueSet/icd-10-cm-all/$expand');
    expect([status, issueOf(resource)]).toEqual([422, 'error too-costly']);
    const part = await get<ValueSet>('/ValueSet/icd-10-cm-all/$expand?filter=asthma&count=5');
    expect(part.resource.expansion?.contains?.every(({ display = '' }) => /asthma/i.test(display))).toBe(true);
  });

  test('names in another language', async () => {
    const { resource } = await get<ValueSet>('/ValueSet/articles-all/$expand?filter=topic-acne&displayLanguage=es');
    expect(resource.expansion?.contains?.map(({ display }) => display)).toContain('Acné');
  });

  test('of a system that is only mapped: its mapped codes, without names', async () => {
    const { resource } = await get<ValueSet>('/ValueSet/snomed-ct-all/$expand?count=3');
    expect(resource.expansion?.total).toBeGreaterThan(1000);
    expect(resource.expansion?.contains?.map(({ display }) => display)).toEqual([undefined, undefined, undefined]);
  });
});

describe('ConceptMap $translate', () => {
  test.each([
    ['to articles', () => `system=${ICD}&code=N53.14&targetsystem=${ARTICLES()}`, true, 'equivalent ency-001282'],
    [
      "by R5's names",
      () => `sourceSystem=${ICD}&sourceCode=N5314&targetSystem=${ARTICLES()}`,
      true,
      'equivalent ency-001282',
    ],
    [
      'by the map',
      () => `url=${connector.config.canonicalBase}/ConceptMap/icd-10-cm-to-articles&system=${ICD}&code=N53.14`,
      true,
      'equivalent ency-001282',
    ],
    [
      'to a value set of articles, by whichever map leads there',
      () => `system=${ICD}&code=N53.14&target=${connector.config.canonicalBase}/ValueSet/articles-all`,
      true,
      'equivalent ency-001282',
    ],
    ['back', () => `reverse=true&system=${ARTICLES()}&code=ency-001282&targetsystem=${ICD}`, true, 'equivalent N53.14'],
    [
      'what an ancestor has',
      () => `system=${ICD}&code=E11.3211&targetsystem=${ARTICLES()}`,
      true,
      'wider topic-diabeticeyeproblems',
    ],
  ])('%s', async (_, query, result, match) => {
    const { resource } = await get<Parameters>(`/ConceptMap/$translate?${query()}`);
    expect(value(resource, 'result')).toBe(result);
    expect(matchesOf(resource)).toContain(match);
  });

  test('a code without an article on purpose is unmatched, and says why', async () => {
    const { resource: map } = await get<ConceptMap>('/ConceptMap/icd-10-cm-to-articles');
    const element = map.group?.[0]?.element.find(({ target }) => target?.[0]?.equivalence === 'unmatched');
    const { resource } = await get<Parameters>(`/ConceptMap/$translate?system=${ICD}&code=${element?.code ?? ''}`);
    expect([value(resource, 'result'), value(resource, 'message')]).toEqual([false, element?.target?.[0]?.comment]);
    expect(matchesOf(resource)).toEqual(['unmatched undefined']);
  });

  test('nothing found is no error; an unknown map is', async () => {
    const { resource } = await get<Parameters>(`/ConceptMap/$translate?system=http://nowhere.example&code=1`);
    expect([value(resource, 'result'), matchesOf(resource)]).toEqual([false, []]);
    const bad = await get<OperationOutcome>(`/ConceptMap/$translate?url=http://nowhere.example&system=${ICD}&code=1`);
    expect([bad.status, issueOf(bad.resource)]).toEqual([404, 'error not-found']);
  });

  test('two ways to say the code are one too many', async () => {
    const coding = { name: 'coding', valueCoding: { system: ICD, code: 'E11' } };
    const { status } = await post('/ConceptMap/$translate', sending(coding, { name: 'code', valueCode: 'E11' }));
    expect(status).toBe(400);
  });
});

describe('terminology that a request supplies is declined, even an empty one', () => {
  const OPERATIONS = [
    'CodeSystem/$lookup',
    'CodeSystem/$validate-code',
    'CodeSystem/$subsumes',
    'ValueSet/$expand',
    'ValueSet/$validate-code',
    'ConceptMap/$translate',
  ];
  test.each(OPERATIONS)('%s', async (operation) => {
    for (const name of ['tx-resource', 'useSupplement', 'codeSystem', 'conceptMap', 'valueSet']) {
      const answers = [
        await get<OperationOutcome>(`/${operation}?${name}=`),
        await post<OperationOutcome>(`/${operation}`, sending({ name })),
      ];
      const entry = { request: { method: 'POST' as const, url: operation }, resource: sending({ name }) };
      const { resource: batch } = await post<Bundle>('', { resourceType: 'Bundle', type: 'batch', entry: [entry] });
      const inBatch = batch.entry?.[0]?.response;
      expect(answers.map(({ status, resource }) => [status, issueOf(resource)])).toEqual([
        [422, 'error not-supported'],
        [422, 'error not-supported'],
      ]);
      expect([inBatch?.status.slice(0, 3), issueOf(inBatch?.outcome as OperationOutcome)]).toEqual([
        '422',
        'error not-supported',
      ]);
    }
  });

  test.each(['toString', '__proto__', 'constructor', 'valueOf', 'hasOwnProperty'])(
    'a value set with a member %s: the answer says where to turn',
    async (name) => {
      const valueSet = `{"resourceType":"ValueSet","status":"active","${name}":{"a":1},"compose":{"include":[{"${name}":1}]}}`;
      const sent = `{"resourceType":"Parameters","parameter":[{"name":"valueSet","resource":${valueSet}}]}`;
      for (const operation of ['$expand', '$validate-code']) {
        for (const body of [valueSet, sent]) {
          const headers = { 'Content-Type': 'application/fhir+json' };
          const asked = { method: 'POST', headers, body };
          const { reply, resource } = await askFhir<OperationOutcome>(connector.url, `/ValueSet/${operation}`, asked);
          expect([reply.status, issueOf(resource)]).toEqual([422, 'error not-supported']);
          expect(resource.issue[0]?.diagnostics).toContain('terminology server');
        }
      }
    },
  );

  test('a bare code system or map as the body', async () => {
    const system: CodeSystem = { resourceType: 'CodeSystem', status: 'active', content: 'complete' };
    const map: ConceptMap = { resourceType: 'ConceptMap', status: 'active' };
    expect((await post('/CodeSystem/$validate-code', system)).status).toBe(422);
    expect((await post('/ConceptMap/$translate', map)).status).toBe(422);
  });
});

describe('lists of a request', () => {
  const many = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
  const { maxListValues: most, maxLanguages } = LIMITS;

  test('$lookup: properties', async () => {
    const asked = [
      { name: 'system', valueUri: ICD },
      { name: 'code', valueCode: 'E11' },
    ];
    const status = async (count: number): Promise<number> =>
      (await post('/CodeSystem/$lookup', sending(...asked, ...many(count, { name: 'property', valueCode: 'parent' }))))
        .status;
    expect([await status(most), await status(most + 1)]).toEqual([200, 400]);
  });

  test('codings of a concept', async () => {
    const concept = (count: number): Parameters => {
      const coding = many(count, { system: ICD, code: 'E11' });
      return sending({ name: 'codeableConcept', valueCodeableConcept: { coding } });
    };
    for (const path of ['/ValueSet/icd-10-cm-all/$validate-code', '/ConceptMap/$translate']) {
      expect([(await post(path, concept(most))).status, (await post(path, concept(most + 1))).status]).toEqual([
        200, 400,
      ]);
    }
  });

  test('languages: too many are an error in the parameter, and ignored in the header', async () => {
    const path = `/CodeSystem/$lookup?system=${ARTICLES()}&code=topic-acne`;
    const tags = (count: number): string => many(count, 'fr').concat('es').join();
    expect((await get(`${path}&displayLanguage=${tags(maxLanguages - 1)}`)).status).toBe(200);
    expect((await get(`${path}&displayLanguage=${tags(maxLanguages)}`)).status).toBe(400);
    const named = async (count: number): Promise<unknown> => {
      const { resource } = await askFhir<Parameters>(connector.url, path, {
        headers: { 'Accept-Language': tags(count) },
      });
      return value(resource, 'display');
    };
    expect([await named(maxLanguages - 1), await named(maxLanguages)]).toEqual(['Acné', 'Acne']);
  });
});

test('$versions names the version of FHIR', async () => {
  const { resource } = await get<Parameters>('/$versions');
  expect([value(resource, 'version'), value(resource, 'default')]).toEqual(['4.0', '4.0']);
});
