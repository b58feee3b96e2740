import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, DocumentReference, OperationOutcome } from '@medplum/fhirtypes';
import { LIMITS } from '../../../src/limits.js';
import { MOST_GROWTH, growthOf } from '../../support/growth.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { ICD, askFhir, matchesOf, notesOf, searchFhir } from './fhir-server.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const search = (query: string) => searchFhir(connector.url, query);
const idsOf = async (query: string): Promise<string[]> => matchesOf(await search(query)).map(({ id }) => id ?? '');

describe('a search that looks for too much is refused before anything is looked through', () => {
  const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const post = async (body: string) => {
    const asking = { method: 'POST', headers: FORM, body };
    const { reply, resource } = await askFhir<Bundle | OperationOutcome>(
      connector.url,
      '/DocumentReference/_search',
      asking,
    );
    return [reply.status, resource.resourceType === 'OperationOutcome' ? resource.issue[0]?.details?.text : undefined];
  };
  const { maxChartQuestions, maxQueryChars } = LIMITS;
  const tooLong = [400, expect.stringContaining(`at most ${maxQueryChars} characters`)];
  const tooMany = [400, expect.stringContaining(`at most ${maxChartQuestions} in one request`)];
  const words = (count: number) => Array.from({ length: count }, (_none, n) => `z${n}`);

  test.each(['description', 'description:contains', 'description:exact'])('words of %s', async (name) => {
    expect(await post(`${name}=${'a:'.repeat(maxQueryChars / 2)}`)).toEqual([200, undefined]);
    expect(await post(`${name}=${'a:'.repeat(maxQueryChars / 2)}b`)).toEqual(tooLong);
    expect(await post(`${name}=${words(maxQueryChars / 2).join(',')}`)).toEqual(tooLong);
  });

  test('words of several parameters together, and values of several', async () => {
    const half = 'a'.repeat(maxQueryChars / 2);
    expect(await post(`description=${half}&description:exact=${half}`)).toEqual([200, undefined]);
    expect(await post(`description=${half}&description:exact=${half}&description:contains=b`)).toEqual(tooLong);
    const values = words(maxChartQuestions).join(',');
    for (const name of ['status', 'location', 'relatesto']) {
      expect(await post(`${name}=${values}`)).toEqual([200, undefined]);
      expect(await post(`${name}=${values}&language=en`)).toEqual(tooMany);
    }
  });

  test('a parameter by which is sorted counts once, however often it is named', async () => {
    const query = 'description=asthma&_sort=-date,title';
    const [once, often] = [await search(query), await search(`${query}${',title,-title,date'.repeat(300)}`)];
    expect(often.entry).toEqual(once.entry);
    expect(often.link?.[0]?.url).toBe(once.link?.[0]?.url);
  });
});

describe('event is exact', () => {
  test.each(['N53.14', 'E11.36', 'J45', 'I10'])('%s: every match carries that coding', async (code) => {
    const matches = matchesOf(await search(`event=${ICD}|${code}`));
    expect(matches.length).toBeGreaterThan(0);
    for (const { context } of matches) {
      const codings = context?.event?.flatMap(({ coding }) => coding ?? []) ?? [];
      expect(codings).toContainEqual(expect.objectContaining({ system: ICD, code }));
    }
  });

  test.each(['E11.3211', 'E11.321', 'J45.99'])(
    '%s has no rows of its own: an outcome points to explains',
    async (code) => {
      const bundle = await search(`event=${ICD}|${code}`);
      const explained = await idsOf(`explains=${ICD}|${code}`);
      expect([bundle.total, explained.length > 0]).toEqual([0, true]);
      expect(notesOf(bundle).join()).toContain('explains=');
    },
  );

  test.each([
    ['an unknown code', `event=${ICD}|N53.1499`],
    ['an impossible code', `event=${ICD}|hello`],
    ['an unknown system', 'event=http://example.org/codes|N53.14'],
    ['a prototype name', `event=${ICD}|constructor`],
    ['a prototype name as system', 'event=__proto__|constructor'],
  ])('%s gives an empty set', async (_name, query) => {
    expect((await search(query)).total).toBe(0);
  });

  test('a code without a system means any system', async () => {
    expect(await idsOf('event=N53.14')).toEqual(await idsOf(`event=${ICD}|N53.14`));
  });

  test('a bar before a code means no system at all, which no article has', async () => {
    for (const value of ['|N53.14', '|N53.14,|J45']) expect(await idsOf(`event=${value}`)).toEqual([]);
  });

  test('a comma is or, a repeat is and, an escaped comma neither', async () => {
    const [one, other] = [await idsOf(`event=${ICD}|N53.14`), await idsOf(`event=${ICD}|J45`)];
    const either = await idsOf(`event=${ICD}|N53.14,${ICD}|J45`);
    expect(either.sort()).toEqual([...one, ...other].sort());
    expect(await idsOf(`event=${ICD}|N53.14&event=${ICD}|J45`)).toEqual([]);
    expect(await idsOf(`event=${ICD}|E11.3&event=${ICD}|E11.36`)).toContain('topic-diabetestype2-en');
    const escaped = `/DocumentReference?event=${ICD}|N53.14%5C,${ICD}|J45`;
    expect((await askFhir(connector.url, escaped)).reply.status).toBe(400);
  });
});

describe('a note that explains would find more', () => {
  test('is left out where each code has articles of its own, though none has both', async () => {
    const bundle = await search(`event=${ICD}|N53.14&event=${ICD}|J45`);
    expect([bundle.total, bundle.entry]).toEqual([0, undefined]);
  });

  test('names the value that found nothing, as it was sent', async () => {
    const notes = notesOf(await search(`event=${ICD}|N53.14&event=E11.3211`));
    expect(notes).toEqual([expect.stringContaining('explains=E11.3211 finds')]);
  });
});

describe('explains is the core’s answer', () => {
  const CODES = ['N53.14', 'E11.3211', 'E11.9', 'J45.909', 'I10', 'O80', 'Z00.00'];
  test.each(CODES)('%s: scored, with its path, by score and then id, in every language', async (code) => {
    const bundle = await search(`explains=${ICD}|${code}`);
    const entries = (bundle.entry ?? []).filter(({ search: found }) => found?.mode === 'match');
    expect(entries.length).toBeGreaterThan(0);
    for (const { search: found, fullUrl, resource } of entries) {
      expect(found?.score).toBeGreaterThan(0);
      expect(found?.score).toBeLessThanOrEqual(1);
      expect(found?.extension?.[0]?.valueString).toContain(ICD);
      expect(fullUrl).toBe(`${connector.url}/fhir/DocumentReference/${resource?.id ?? ''}`);
    }
    const order = entries.map(({ search: found, resource }) => [found?.score ?? 0, resource?.id ?? ''] as const);
    const sorted = [...order].sort(([a, idA], [b, idB]) => b - a || (idA < idB ? -1 : 1));
    expect(order).toEqual(sorted);
    expect(new Set(matchesOf(bundle).map(({ language }) => language)).has('en')).toBe(true);
  });

  test('of several codes: the best score, and the way from each code that is explained', async () => {
    const [sct, icd] = ['http://snomed.info/sct|44054006', `${ICD}|E11.9`];
    const bundle = await search(`explains=${sct},${icd}`);
    const entry = bundle.entry?.find(({ resource }) => resource?.id === 'topic-diabetestype2-en');
    expect(entry?.search?.extension?.map(({ valueString }) => valueString)).toEqual([
      `asked ${sct}`,
      `asked ${icd} > ancestor ${ICD}|E11`,
    ]);
    const scores = await Promise.all(
      [sct, icd].map(async (token) => {
        const alone = await search(`explains=${token}`);
        return alone.entry?.find(({ resource }) => resource?.id === 'topic-diabetestype2-en')?.search?.score ?? 0;
      }),
    );
    expect(entry?.search?.score).toBe(Math.max(...scores));
    expect(bundle.entry?.[0]?.search?.score).toBe(Math.max(...scores));
    const both = await search(`explains=${sct}&explains=${icd}`);
    expect(both.total).toBeGreaterThan(0);
    expect(both.total).toBeLessThanOrEqual(bundle.total ?? 0);
    expect(notesOf(await search(`explains=${ICD}|N53.14&explains=${ICD}|L70.0`))).toEqual([
      'No article: each code is explained by other articles.',
    ]);
  });

  test('a drug reached by a crosswalk, a test and a SNOMED CT concept are explained too', async () => {
    for (const token of [
      'http://snomed.info/sct|195967001',
      '2.16.840.1.113883.6.90|J45',
      'urn:oid:2.16.840.1.113883.6.90|J45',
    ])
      expect(await idsOf(`explains=${encodeURIComponent(token)}`)).toContain('topic-asthma-en');
  });

  test('what it holds back from nobody: more than the three of an infobutton answer', async () => {
    expect(new Set(await idsOf(`explains=${ICD}|J45&language=en`)).size).toBeGreaterThan(3);
  });

  test.each([
    ['an impossible code', `explains=${ICD}|ZZZ.99`, 'ICD-10-CM has no such code'],
    ['an unknown system', 'explains=http://example.org|1', 'the code system is unknown'],
    ['no system', 'explains=|N53.14', 'no code system was sent'],
    ['a code of another system', `explains=${ICD}|195967001`, 'it looks like a code of SNOMED CT'],
  ])('%s: an empty set that says why', async (_name, query, reason) => {
    const bundle = await search(query);
    expect(bundle.total).toBe(0);
    expect(notesOf(bundle)).toEqual([expect.stringContaining(reason)]);
  });

  test.each(['N53.14', 'J45.909', 'E11.3211', '195967001'])(
    '%s without a system: asked of every system whose codes can look so',
    async (code) => {
      const system = /^\d/.test(code) ? 'http://snomed.info/sct' : ICD;
      const found = await idsOf(`explains=${code}`);
      expect(found).toEqual(expect.arrayContaining(await idsOf(`explains=${system}|${code}`)));
      expect(new Set(found).size).toBe(found.length);
    },
  );

  test.each(['hello', '12345', '0', '__proto__', '%00', '%5C', ',', '%F0%9F%98%80', 'x'.repeat(4000)])(
    '%s without a system is answered, never an error of ours',
    async (code) => {
      const { reply } = await askFhir(connector.url, `/DocumentReference?explains=${code}`);
      expect([200, 400]).toContain(reply.status);
    },
  );

  test('together with event both must hold', async () => {
    const both = await idsOf(`explains=${ICD}|E11.36&event=${ICD}|E11.3`);
    expect(both).toContain('topic-diabetestype2-en');
    expect(both).not.toContain('topic-cataract-en');
  });
});

describe('language', () => {
  test.each([
    ['language=es', ['es']],
    ['language=en', ['en']],
    ['language=en,es', ['en', 'es']],
    ['language=es&language=en', []],
    ['language=fr', []],
    ['language=urn:ietf:bcp:47|es', ['es']],
    ['language=', ['en', 'es']],
  ])('%s', async (filter, expected) => {
    const matches = matchesOf(await search(`explains=${ICD}|N53.14&${filter}`));
    expect([...new Set(matches.map(({ language }) => language))].sort()).toEqual(expected);
  });
});

describe('the self link', () => {
  test('states the parameters that were used, and no other', async () => {
    const bundle = await search(`explains=${ICD}|N53.14&language=es&patient=Patient/123&_foo=1&event=&_format=json`);
    const self = new URL(bundle.link?.find(({ relation }) => relation === 'self')?.url ?? '');
    expect(self.href.startsWith(`${connector.url}/fhir/DocumentReference?`)).toBe(true);
    expect([...self.searchParams].sort()).toEqual([
      ['explains', `${ICD}|N53.14`],
      ['language', 'es'],
    ]);
    expect(await idsOf(self.search.slice(1))).toEqual(matchesOf(bundle).map(({ id }) => id));
  });
});

describe('a refused search', () => {
  test.each([
    ['three parts', `/DocumentReference?event=a|b|c`, 400, 'value'],
    ['a bar alone', '/DocumentReference?event=|', 400, 'value'],
    ['a system without a code to explain', `/DocumentReference?explains=${ICD}|`, 400, 'value'],
    ['a language of three parts', `/DocumentReference?explains=${ICD}|J45&language=a|b|c`, 400, 'value'],
    ['a modifier without its name', `/DocumentReference?event:=${ICD}|J45`, 400, 'value'],
    ['a system among codes to explain', `/DocumentReference?explains=${ICD}|J45,${ICD}|`, 400, 'value'],
    [
      'a modifier that is not supported',
      `/DocumentReference?explains=${ICD}|J45&event:of-type=${ICD}|J45`,
      400,
      'value',
    ],
    ['another modifier', `/DocumentReference?explains=${ICD}|J45&language:in=true`, 400, 'value'],
    ['Turtle', `/DocumentReference?explains=${ICD}|J45&_format=ttl`, 406, 'not-supported'],
  ])('%s', async (_name, path, status, code) => {
    const { reply, resource } = await askFhir<OperationOutcome>(connector.url, path);
    expect([reply.status, resource.resourceType]).toEqual([status, 'OperationOutcome']);
    expect(resource.issue[0]?.severity).toBe('error');
    if (status !== 400) expect(resource.issue[0]?.code).toBe(code);
  });
});

describe('what the server does not know', () => {
  const unknown = (name: string, prefer: string) =>
    askFhir(connector.url, `/DocumentReference?explains=${ICD}|J45&${name}`, { headers: { Prefer: prefer } });

  test.each(['handling=strict', 'return=minimal, handling="strict"', 'Handling = Strict; foo'])(
    'is an error with Prefer: %s',
    async (prefer) => {
      for (const name of ['patient=1', '_foo=1', 'EVENT=J45', 'foo:exact=1'])
        expect((await unknown(name, prefer)).reply.status).toBe(400);
      for (const name of ['language=es', '_format=json', '_pretty=true', 'patient='])
        expect((await unknown(name, prefer)).reply.status).toBe(200);
    },
  );

  test.each(['handling=lenient', 'return=minimal', 'strict', 'x=handling=strict', ''])(
    'is passed over with Prefer: %s',
    async (prefer) => {
      expect((await unknown('patient=1', prefer)).reply.status).toBe(200);
    },
  );
});

test('no more of what is ignored is told than a hundred', async () => {
  const sort = Array.from({ length: 200 }, (_none, index) => `a${index}`).join();
  const body = `_id=topic-acne-en&_sort=${sort}`;
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const { resource } = await askFhir<Bundle<DocumentReference | OperationOutcome>>(
    connector.url,
    '/DocumentReference/_search',
    { method: 'POST', headers, body },
  );
  expect(notesOf(resource).length).toBe(LIMITS.maxFaults);
});

test('a search names as many codes as an infobutton may, and no more', async () => {
  const codes = (count: number): string => Array.from({ length: count }, (_, i) => `${ICD}|A${i + 10}`).join();
  const ask = (query: string) => askFhir<OperationOutcome>(connector.url, `/DocumentReference?${query}`);
  expect((await ask(`event=${codes(LIMITS.maxCriteria)}`)).reply.status).toBe(200);
  for (const query of [`event=${codes(LIMITS.maxCriteria + 1)}`, `event=${codes(LIMITS.maxCriteria)}&event=I10`])
    expect((await ask(query)).reply.status).toBe(400);
});

describe('a search by POST', () => {
  const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const post = (address: string, body: string) =>
    askFhir<Bundle>(connector.url, `/DocumentReference/_search${address}`, { method: 'POST', headers: FORM, body });

  test('equals the one by GET, wherever its parameters stand', async () => {
    const [explains, language] = [`explains=${encodeURIComponent(`${ICD}|J45`)}`, 'language=es'];
    const got = await search(`${explains}&${language}`);
    for (const [address, body] of [
      ['', `${explains}&${language}`],
      [`?${explains}`, language],
      [`?${explains}&${language}`, ''],
    ] as const)
      expect((await post(address, body)).resource).toEqual(got);
  });

  test('may be a GET to the same address, as HAPI can be told to send it', async () => {
    const { resource } = await askFhir<Bundle>(connector.url, `/DocumentReference/_search?explains=${ICD}|J45`);
    expect(resource).toEqual(await search(`explains=${ICD}|J45`));
  });

  test('is no PUT', async () => {
    const { reply, resource } = await askFhir(connector.url, '/DocumentReference/_search', { method: 'PUT' });
    expect([reply.status, resource.resourceType]).toEqual([405, 'OperationOutcome']);
    expect(reply.headers.allow).toBe('GET, HEAD, POST, OPTIONS');
  });

  test('needs no body where its query says all, and takes no other body', async () => {
    const address = `/DocumentReference/_search?explains=${ICD}|J45`;
    const { reply, resource } = await askFhir(connector.url, address, { method: 'POST' });
    expect([reply.status, resource]).toEqual([200, await search(`explains=${ICD}|J45`)]);
    const headers = { 'Content-Type': 'application/fhir+json' };
    for (const body of ['', '{}']) {
      const refused = await askFhir(connector.url, address, { method: 'POST', headers, body });
      expect([refused.reply.status, refused.resource.resourceType]).toEqual([415, 'OperationOutcome']);
    }
  });

  test('is refused like the one by GET', async () => {
    const { reply, resource } = await post('', 'event:in=J45&explains=J45');
    expect([reply.status, JSON.stringify(resource)]).toEqual([400, expect.stringContaining('a terminology server')]);
    expect((await post('', `explains=J45&_format=ttl`)).reply.status).toBe(406);
  });
});

describe('formats', () => {
  const PATH = `/DocumentReference?explains=${ICD}|N53.14`;
  test.each([
    ['application/fhir+json', 200],
    ['application/json', 200],
    ['application/fhir+json; fhirVersion=4.0', 200],
    ['application/json+fhir', 200],
    ['application/xml+fhir;q=1.0, application/fhir+xml;q=0.5', 200],
    ['application/xml+json', 406],
    ['application/fhir+json;fhirVersion=4.0.1', 200],
    ['application/fhir+json; fhirVersion="4.0"', 200],
    ['*/*', 200],
    ['application/*', 200],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 200],
    ['application/fhir+xml, application/fhir+json;q=0.5', 200],
    ['application/fhir+json; fhirVersion=3.0', 406],
    ['application/fhir+json; fhirVersion=5.0', 406],
    ['application/fhir+xml', 200],
    ['application/xml', 200],
    ['image/png', 406],
    ['application/fhir+json;fhirversion=4.0;q=0.001', 200],
    ['application/json; charset=utf-8', 200],
    ['application/fhir+json; fhirVersion=3.0, application/fhir+json; fhirVersion=4.0', 200],
    ['', 200],
    ['text/html', 200],
    ['text/html;q=0', 406],
    ['application/fhir+json;q=0', 406],
    ['application/fhir+json;q=0.0', 406],
  ])('Accept: %s → %i', async (accept, status) => {
    const { reply } = await askFhir(connector.url, PATH, { headers: { Accept: accept } });
    expect(reply.status).toBe(status);
  });

  const BROWSER = 'text/html,application/xhtml+xml,*/*;q=0.8';
  test.each([
    ['json', 'application/fhir+xml', 200],
    ['application/fhir+json', 'application/fhir+xml', 200],
    ['application/fhir%2Bjson', 'image/png', 200],
    ['JSON', 'image/png', 200],
    ['application/json+fhir', 'image/png', 200],
    ['application/json%2Bfhir', 'image/png', 200],
    ['application/xml+fhir', 'image/png', 200],
    ['', 'application/fhir+json', 200],
    ['', 'application/fhir+xml', 200],
    ['application/fhir%2Bjson;fhirVersion=4.0', 'image/png', 200],
    ['application/fhir+json;fhirVersion=4.0', 'image/png', 200],
    ['application/fhir+json;%20fhirVersion="4.0.1"', 'image/png', 200],
    ['application/fhir+json;fhirVersion=3.0', '*/*', 406],
    ['text/html', BROWSER, 406],
    ['xml', 'application/fhir+json', 200],
    ['application/fhir+xml', '*/*', 200],
    ['xml', BROWSER, 200],
    ['__proto__', '*/*', 406],
  ])('_format=%s overrides Accept: %s → %i', async (format, accept, status) => {
    const { reply } = await askFhir(connector.url, `${PATH}&_format=${format}`, { headers: { Accept: accept } });
    expect(reply.status).toBe(status);
  });

  test('a header of the greatest length is read in a time that grows with its length', async () => {
    const ranges = ['*/*;q=0,', 'a/b;c="', 'a/b;;;;', '\\"', ';q=;fhirVersion="4.0",', 'application/fhir+json;q=0,'];
    for (const range of ranges) {
      const growth = await growthOf(LIMITS.maxHeaderBytes - 1000, (bytes) =>
        askFhir(connector.url, PATH, { headers: { Accept: range.repeat(bytes / range.length) } }),
      );
      expect(growth).toBeLessThan(MOST_GROWTH);
    }
  });

  test('_pretty only lays out', async () => {
    const [plain, pretty] = [await askFhir(connector.url, PATH), await askFhir(connector.url, `${PATH}&_pretty=true`)];
    expect(pretty.reply.text).toContain('\n  ');
    expect({ ...pretty.resource, link: [] }).toEqual({ ...plain.resource, link: [] });
  });
});
