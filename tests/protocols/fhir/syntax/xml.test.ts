import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { readResource } from '../../../../src/protocols/fhir/rest/body.js';
import { readResourceXml } from '../../../../src/protocols/fhir/syntax/read-xml.js';
import { toXml } from '../../../../src/protocols/fhir/syntax/xml.js';
import { readR4Data } from '../../../support/r4-data.js';

const EXAMPLES = readR4Data('examples') as Readonly<Record<string, readonly Resource[]>>;
const read = (xml: string): unknown => readResource({ contentType: 'application/fhir+xml', bytes: Buffer.from(xml) });

/** A map of so many elements, which are one object. */
const mapOf = (elements: number): object => ({
  resourceType: 'ConceptMap',
  group: [{ element: Array.from({ length: elements }, () => ELEMENT) }],
});
const ELEMENT = {
  code: '1234567890',
  target: [{ code: 'topic-asthma', display: 'Asthma', equivalence: 'equivalent' }],
};

test('a long text is written in little more memory than it takes itself', () => {
  // As text of small parts it took ten times its length: a worker of 256 MB ended with it.
  const program = `import { toXml } from './src/protocols/fhir/syntax/xml.ts';
    const ELEMENT = ${JSON.stringify(ELEMENT)};
    process.stdout.write(String(toXml((${mapOf.toString()})(100_000)).length));`;
  const flags = ['--max-old-space-size=80', '--import', './tests/library/register-typescript.mjs'];
  const written = execFileSync(process.execPath, [...flags, '--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(Number(written)).toBe(toXml(mapOf(100_000) as Resource).length);
  expect(Number(written)).toBeGreaterThan(12_000_000);
  expect(() => toXml(mapOf(120_000) as Resource)).toThrow(expect.objectContaining({ code: 'answer-too-large' }));
});

describe('what is written as XML is read as it was', () => {
  test.each(['profiles-types', 'search-parameters', 'valuesets', 'conceptmaps'])('every fifth of HL7’s %s', (file) => {
    const resources = EXAMPLES[file] ?? [];
    expect(resources.length).toBeGreaterThan(3);
    for (const [index, resource] of resources.entries()) {
      expect(read(toXml(resource))).toEqual(resource);
      if (index % 10 === 0) expect(read(toXml(resource, true))).toEqual(resource);
    }
  });

  test.each<[string, object]>([
    ['signs', { description: 'a < b & "c"\n\t\'d\' é 😀 > e' }],
    [
      'a primitive with extensions',
      { _name: { id: 'n', extension: [{ url: 'http://e.org/x', valueBoolean: false }] } },
    ],
    [
      'primitives of which some have none',
      { extension: [{ url: 'http://e.org', valueHumanName: { given: ['A', null], _given: [null, { id: 'x' }] } }] },
    ],
    [
      'an element’s id, a number, false',
      { experimental: false, expansion: { id: 'e', timestamp: '2026-01-01', total: 0 } },
    ],
    [
      'a contained resource',
      { contained: [{ resourceType: 'CodeSystem', id: 'c', status: 'draft', content: 'complete' }] },
    ],
    [
      'a narrative',
      {
        text: {
          status: 'additional',
          div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>a &lt; <b>b</b><br/></p></div>',
        },
      },
    ],
  ])('%s', (_name, part) => {
    const resource = { resourceType: 'ValueSet', status: 'draft', ...part };
    for (const pretty of [false, true]) expect(read(toXml(resource as Resource, pretty))).toEqual(resource);
  });
});

describe('XML that is refused', () => {
  const NS = 'xmlns="http://hl7.org/fhir"';
  const deep = 200;
  test.each([
    ['a DOCTYPE', `<!DOCTYPE Parameters><Parameters ${NS}/>`, 'DOCTYPE'],
    ['an entity of its own', `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Parameters ${NS}/>`, 'DOCTYPE'],
    ['a long comment', `<Parameters ${NS}><!--${'- '.repeat(40_000)}--></Parameters>`, 'comment'],
    ['an unknown entity', `<Parameters ${NS}><id value="&e;"/></Parameters>`, 'well-formed'],
    ['an end that is missing', `<Parameters ${NS}>`, 'well-formed'],
    ['another namespace', '<Parameters xmlns="http://example.org"/>', 'namespace'],
    ['no namespace', '<Parameters/>', 'namespace'],
    ['no resource', `<Hello ${NS}/>`, 'no resource'],
    ['an unknown element', `<Parameters ${NS}><hello/></Parameters>`, 'does not know'],
    ['text', `<Parameters ${NS}>hello</Parameters>`, 'text'],
    ['one thing twice', `<Parameters ${NS}><id value="a"/><id value="b"/></Parameters>`, 'more than one'],
    ['no end of depth', `<Parameters ${NS}>${'<parameter><part>'.repeat(deep)}`, 'levels deep'],
  ])('%s', (_name, xml, reason) => {
    const refused = (): unknown => read(xml);
    expect(refused).toThrow(
      expect.objectContaining({ code: 'bad-resource', values: { reason: expect.stringContaining(reason) as unknown } }),
    );
  });

  test('more elements and attributes than it may have', () => {
    const xml = `<Parameters ${NS}>${'<parameter><name value="x"/></parameter>'.repeat(3)}</Parameters>`;
    expect(readResourceXml(xml, deep, 11)).toMatchObject({ parameter: [{}, {}, {}] });
    expect(() => readResourceXml(xml, deep, 10)).toThrow(
      expect.objectContaining({ code: 'bad-resource', values: { reason: 'it has more than 10 elements' } }),
    );
  });
});
