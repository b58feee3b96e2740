import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { fhirComplaints } from '../support/fhir-schema.js';
import { ask } from './ask.js';
import { complaintOf } from './decent.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector({ env: { LOG_LEVEL: 'error' } });
});
afterAll(() => connector.stop());

const [JSON_TYPE, XML_TYPE] = ['application/fhir+json', 'application/fhir+xml'];
const NS = 'xmlns="http://hl7.org/fhir"';

/** Bodies that no operation understands: name, Content-Type, bytes, status. */
const BODIES: readonly (readonly [string, string, string | Buffer, number])[] = [
  ['JSON that ends early', JSON_TYPE, '{', 400],
  ['a list', JSON_TYPE, '[]', 400],
  ['null', JSON_TYPE, 'null', 400],
  ['no type of R4', JSON_TYPE, '{"resourceType":"Nothing"}', 400],
  ['parameters that are text', JSON_TYPE, '{"resourceType":"Parameters","parameter":"x"}', 400],
  ['a parameter that is null', JSON_TYPE, '{"resourceType":"Parameters","parameter":[null]}', 400],
  ['no end of depth', JSON_TYPE, '['.repeat(20_000), 400],
  ['what is not UTF-8', JSON_TYPE, Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 400],
  ['another resource', JSON_TYPE, '{"resourceType":"Patient"}', 400],
  ['XML that ends early', XML_TYPE, `<Parameters ${NS}>`, 400],
  [
    'an entity of its own',
    XML_TYPE,
    `<!DOCTYPE P [<!ENTITY e SYSTEM "file:///etc/passwd">]><Parameters ${NS}><id value="&e;"/></Parameters>`,
    400,
  ],
  ['XML without end of depth', XML_TYPE, `<Parameters ${NS}>${'<parameter><part>'.repeat(5000)}`, 400],
  ['a NUL in XML', XML_TYPE, `<Parameters ${NS}><id value="\0"/></Parameters>`, 400],
  ['text', 'text/plain', 'hello', 415],
  ['another version of FHIR', `${JSON_TYPE}; fhirVersion=3.0`, '{}', 415],
  ['another charset', `${JSON_TYPE}; charset=latin1`, '{}', 415],
];

describe('a body that an operation cannot take is told by an OperationOutcome', () => {
  test.each(['CodeSystem/$lookup', 'CodeSystem/$validate-code', 'CodeSystem/$subsumes', 'ConceptMap/$translate', ''])(
    'POST /fhir/%s',
    async (path) => {
      for (const [name, type, body, status] of BODIES) {
        const reply = await ask(connector.url, `/fhir/${path}`, {
          method: 'POST',
          headers: { 'Content-Type': type },
          body,
        });
        expect([name, reply.status, complaintOf(reply)]).toEqual([name, status, undefined]);
        expect(fhirComplaints(JSON.parse(reply.text))).toEqual([]);
        expect(reply.text).not.toContain('root:');
      }
    },
  );
});
