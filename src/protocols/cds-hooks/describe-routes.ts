import { JSON_ERROR, toEnum } from '../describe.js';
import type {
  ContentByType,
  ExampleCall,
  MethodDocument,
  ParameterDocument,
  RouteDocument,
  Schema,
} from '../route-document.js';
import { FEEDBACK_SCHEMA, hookRequestSchema } from './request-schema.js';
import { CDS_HOOKS } from './services.js';

const JSON_TYPE = 'application/json';
const TAG = 'CDS Hooks';
const TEXT: Schema = { type: 'string', minLength: 1 };
const SERVICE: ParameterDocument = { name: 'id', description: 'The service.', schema: toEnum(CDS_HOOKS) };

const SERVICES: Schema = {
  type: 'object',
  required: ['services'],
  properties: {
    services: {
      type: 'array',
      items: {
        type: 'object',
        required: ['hook', 'id', 'description'],
        properties: {
          hook: toEnum(CDS_HOOKS),
          id: TEXT,
          title: TEXT,
          description: TEXT,
          prefetch: { type: 'object', additionalProperties: TEXT },
          usageRequirements: TEXT,
        },
      },
    },
  },
};

const CODING: Schema = {
  type: 'object',
  required: ['system', 'code', 'display'],
  properties: { system: { type: 'string', format: 'uri' }, code: TEXT, display: TEXT },
};

const CARD: Schema = {
  type: 'object',
  required: ['uuid', 'summary', 'indicator', 'source', 'links', 'overrideReasons'],
  properties: {
    uuid: { type: 'string', format: 'uuid' },
    summary: { ...TEXT, maxLength: 139 },
    detail: TEXT,
    indicator: { type: 'string', const: 'info' },
    source: {
      type: 'object',
      required: ['label', 'topic'],
      properties: { label: TEXT, url: { type: 'string', format: 'uri' }, topic: CODING },
    },
    overrideReasons: { type: 'array', minItems: 1, items: CODING },
    links: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['label', 'url', 'type'],
        properties: {
          label: TEXT,
          url: { type: 'string', format: 'uri' },
          type: toEnum(['absolute', 'smart']),
          appContext: TEXT,
        },
      },
    },
  },
};

const CARDS: Schema = {
  type: 'object',
  required: ['cards'],
  properties: { cards: { type: 'array', maxItems: 1, items: CARD } },
};

const json = (schema: Schema, name?: string): ContentByType => ({
  [JSON_TYPE]: { schema, ...(name === undefined ? {} : { name }) },
});

/** A call that needs no further data. */
const CALL = JSON.stringify({
  hook: 'order-sign',
  hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
  context: {
    userId: 'Practitioner/example',
    patientId: 'example',
    draftOrders: {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        {
          resource: {
            resourceType: 'MedicationRequest',
            id: 'example',
            status: 'draft',
            intent: 'order',
            subject: { reference: 'Patient/example' },
            medicationCodeableConcept: {
              coding: [
                { system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '860975', display: 'metformin 500 MG' },
              ],
            },
          },
        },
      ],
    },
  },
  prefetch: { patient: { resourceType: 'Patient', id: 'example' }, medications: null },
});
const SAID = JSON.stringify({
  feedback: [
    {
      card: '4e0a3a1e-3ffb-4f3c-9f4c-9d0d2d3a1c11',
      outcome: 'overridden',
      overrideReason: { reason: { code: 'declined' } },
      outcomeTimestamp: '2026-11-24T12:34:56Z',
    },
  ],
});

const call = (summary: string, address: string, body: string, status = 200): ExampleCall => ({
  summary,
  address,
  headers: { 'Content-Type': JSON_TYPE },
  body,
  status,
  contentType: JSON_TYPE,
});

/** Documents the discovery. */
export const describeDiscovery = (): RouteDocument => ({
  tag: TAG,
  methods: {
    GET: {
      summary: 'The services that an EHR may call, and the data that each needs',
      answers: { 200: { description: 'The services.', content: json(SERVICES) } },
      errors: [],
      errorContent: JSON_ERROR,
      examples: [{ summary: 'All of them', address: '/cds-services', status: 200, contentType: JSON_TYPE }],
    },
  },
});

const posted = (one: Omit<MethodDocument, 'errorContent'>): RouteDocument => ({
  tag: TAG,
  path: [SERVICE],
  methods: { POST: { ...one, errorContent: JSON_ERROR } },
});

/** Documents a service. */
export const describeService = (): RouteDocument =>
  posted({
    summary: 'A card with the pages that explain what is new in a chart',
    description:
      'CDS Hooks 2.0.1. One card at most; none where nothing is new for this user, patient and encounter, or after one was overridden. ' +
      'Data that did not come along is fetched from fhirServer, where the site allows it, else 412.',
    body: { required: true, content: json({ anyOf: CDS_HOOKS.map(hookRequestSchema) }, 'HookRequest') },
    answers: { 200: { description: 'The card.', content: json(CARDS, 'Cards') } },
    errors: [
      ...(['bad-hook-request', 'not-found', 'data-not-available', 'body-too-large'] as const),
      ...(['unsupported-media-type', 'too-many-criteria', 'too-many-resources'] as const),
    ],
    examples: [
      call('A new drug', '/cds-services/order-sign', CALL),
      call('No request', '/cds-services/order-sign', '{}', 400),
      call('No such service', '/cds-services/none', CALL, 404),
    ],
  });

/** Documents the feedback. */
export const describeFeedback = (): RouteDocument =>
  posted({
    summary: 'What became of cards: counted, and a wrong page told to the curator',
    body: { required: true, content: json(FEEDBACK_SCHEMA, 'CardFeedback') },
    answers: {
      200: {
        description: 'It was taken.',
        content: json({ type: 'object', required: ['received'], properties: { received: { type: 'integer' } } }),
      },
    },
    errors: ['bad-hook-request', 'not-found', 'body-too-large', 'unsupported-media-type'],
    examples: [call('A card that was overridden', '/cds-services/order-sign/feedback', SAID)],
  });
