import { toEnum } from '../describe.js';
import type { Schema } from '../route-document.js';
import { LIMITS } from '../../limits.js';
import type { CdsHook } from './services.js';

/*
 * Requests to a service (CDS Hooks 2.0.1, "HTTP Request", "Feedback"), for validation and for the OpenAPI document. A `description` explains
 * what a pattern requires.
 */

const NAME: Schema = {
  type: 'string',
  description: `a text of 1 to ${LIMITS.maxContextChars} characters`,
  pattern: `^[^]{1,${LIMITS.maxContextChars}}$`,
};
const UUID: Schema = {
  type: 'string',
  description: 'a UUID',
  pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
};
const ORDERS: Schema = {
  type: 'object',
  required: ['resourceType'],
  properties: { resourceType: { type: 'string', const: 'Bundle' } },
};

/** Members of a hook's context besides user and patient. */
const FURTHER: Readonly<Record<CdsHook, { readonly required: readonly string[]; readonly properties: Schema }>> = {
  'encounter-discharge': { required: ['encounterId'], properties: { encounterId: NAME } },
  'patient-view': { required: [], properties: {} },
  'order-sign': { required: ['draftOrders'], properties: { draftOrders: ORDERS } },
  'order-select': {
    required: ['draftOrders', 'selections'],
    properties: { draftOrders: ORDERS, selections: { type: 'array', items: { type: 'string' } } },
  },
};

function contextSchema(hook: CdsHook): Schema {
  const { required, properties } = FURTHER[hook];
  return {
    type: 'object',
    required: ['userId', 'patientId', ...required],
    properties: { userId: NAME, patientId: NAME, encounterId: { type: 'string' }, ...properties },
  };
}

const AUTHORIZATION: Schema = {
  type: 'object',
  required: ['access_token', 'token_type'],
  properties: {
    access_token: { type: 'string', description: 'a bearer token', pattern: '^[\\x21-\\x7e]+$' },
    token_type: { type: 'string', description: 'Bearer', pattern: '^[Bb]earer$' },
    expires_in: { type: 'integer' },
    scope: { type: 'string' },
    subject: { type: 'string' },
    patient: { type: 'string' },
  },
};

/** A call of a hook's service. */
export const hookRequestSchema = (hook: CdsHook): Schema => ({
  type: 'object',
  required: ['hook', 'hookInstance', 'context'],
  properties: {
    hook: { type: 'string', const: hook },
    hookInstance: UUID,
    fhirServer: { type: 'string', description: 'an http or https address', pattern: '^https?://\\S+$' },
    fhirAuthorization: AUTHORIZATION,
    context: contextSchema(hook),
    prefetch: { type: 'object' },
  },
  // cds-r-1
  dependentRequired: { fhirAuthorization: ['fhirServer'] },
});

const SUGGESTION: Schema = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } };

const FEEDBACK_ITEM: Schema = {
  type: 'object',
  required: ['card', 'outcome'],
  properties: {
    card: { type: 'string', description: "The card's uuid." },
    outcome: toEnum(['accepted', 'overridden']),
    acceptedSuggestions: { type: 'array', minItems: 1, items: SUGGESTION },
    overrideReason: {
      type: 'object',
      properties: {
        reason: { type: 'object', required: ['code'], properties: { code: { type: 'string' } } },
        userComment: { type: 'string', description: 'Not kept.' },
      },
      // cds-fb-3
      anyOf: [{ required: ['reason'] }, { required: ['userComment'] }],
    },
    outcomeTimestamp: { type: 'string' },
  },
  // cds-fb-2
  if: { properties: { outcome: { const: 'accepted' } } },
  then: { required: ['acceptedSuggestions'] },
};

/** Feedback on cards. */
export const FEEDBACK_SCHEMA: Schema = {
  type: 'object',
  required: ['feedback'],
  properties: { feedback: { type: 'array', maxItems: LIMITS.maxCardFeedback, items: FEEDBACK_ITEM } },
};
