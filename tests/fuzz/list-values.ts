import type { OperationDefinitionParameter } from '@medplum/fhirtypes';
import { listAllowedTypes } from '../../src/protocols/fhir/rest/operation-values.js';
import type { Surface } from './surface.js';
import { isPrimitiveType } from '../../src/protocols/fhir/syntax/primitives.js';

type Json = Record<string, unknown>;

const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
/** Letters of which tags of languages are made. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Codes of one system, each another one: what several cost must not depend on which they are. */
function codeAt(index: number, codes: Surface['codes']): { readonly system: string; readonly code: string } {
  const own = [...new Set(codes.filter(({ system }) => system === ICD).map(({ code }) => code))];
  return { system: ICD, code: own[index % own.length] ?? '' };
}

/** The value of a parameter at a place of a list: each another one, and one that is understood. */
export function valueAt(index: number, name: string, { codes, ids }: Surface): string {
  const known = codeAt(index, codes);
  if (/language|^lang$/i.test(name))
    return `e${LETTERS[index % 26] ?? ''}${LETTERS[Math.floor(index / 26) % 26] ?? ''}`;
  if (/version|url|profile|source|target|context|system$/i.test(name)) return `http://example.org/${index}|1`;
  if (/date|_since|_at|updated/i.test(name)) return `${1900 + index}-01-01`;
  if (/count|offset|age/i.test(name)) return String(index + 1);
  if (/event|explains/.test(name)) return `${known.system}|${known.code}`;
  if (/code|\.c$/i.test(name)) return known.code;
  if (/\.cs$/.test(name)) return known.system;
  if (/article|_id|relatesto/.test(name)) return ids.DocumentReference?.[index] ?? `x-${index}`;
  return `w${index}`;
}

/** Values of the types that operations take, with each list that those who ask with them make long. */
function sampleOf(type: string, index: number, surface: Surface): Json | undefined {
  const coding = codeAt(index, surface.codes);
  switch (type) {
    case 'Coding':
      return coding;
    case 'CodeableConcept':
      return { coding: [coding] };
    case 'Resource':
      return {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [
          {
            resource: {
              resourceType: 'Condition',
              subject: {},
              category: [{ coding: [coding] }],
              code: { coding: [coding] },
            },
          },
          {
            resource: {
              resourceType: 'Patient',
              name: [{ given: ['A'] }],
              communication: [{ language: { coding: [{ code: 'es' }] } }],
            },
          },
          {
            resource: {
              resourceType: 'AllergyIntolerance',
              patient: {},
              category: ['food'],
              reaction: [{ manifestation: [{ coding: [coding] }] }],
              code: { coding: [coding] },
            },
          },
          {
            resource: {
              resourceType: 'MedicationRequest',
              status: 'active',
              intent: 'order',
              subject: {},
              contained: [{ resourceType: 'Medication', id: 'm', code: { coding: [coding] } }],
              medicationReference: { reference: '#m' },
            },
          },
        ],
      };
    default:
      return undefined;
  }
}

/** A parameter of an operation with its value at a place of a list. */
export function parameterAt(definition: OperationDefinitionParameter, index: number, surface: Surface): Json {
  const { name, part, max } = definition;
  if (part) return { name, part: part.map((one) => parameterAt(one, index, surface)) };
  const [type = 'string'] = listAllowedTypes(definition);
  const value = sampleOf(type, index, surface);
  if (type === 'Resource') return { name, resource: value };
  const key = (of: string): string => `value${of.charAt(0).toUpperCase()}${of.slice(1)}`;
  if (value) return { name, [key(type)]: value };
  // A code of several brings its own system.
  const text = valueAt(index, name === 'code' && max === '*' ? 'event' : name, surface);
  if (type === 'boolean') return { name, valueBoolean: true };
  if (/integer|Int$|decimal/.test(type)) return { name, [key(type)]: index + 1 };
  return { name, [isPrimitiveType(type) ? key(type) : 'valueCode']: text };
}
