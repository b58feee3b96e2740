import { HTML } from '../../protocols/infobutton/describe-routes.js';
import type { MethodDocument, ParameterDocument, RouteDocument } from '../../protocols/route-document.js';

const TAG = 'SMART App Launch';
const SESSION: ParameterDocument = { name: 'session', description: 'The session of one launch.' };
const LANGUAGE: ParameterDocument = { name: 'lang', description: 'Language of the page: en or es.' };
const FORM = 'application/x-www-form-urlencoded';
const NO_SESSION = '/launched/none';

/** Addresses of launches answer a failure with a page that says what to do; examples show that of a server without EHRs. */
const failing = (description: string, status: number): MethodDocument['answers'] => ({
  303: { description: 'The browser is sent on.', content: { 'text/plain': { schema: {} } } },
  [status]: { description, content: HTML },
});

export const LAUNCH: RouteDocument = {
  tag: TAG,
  methods: {
    GET: {
      summary: 'A launch from an EHR begins',
      description:
        'SMART App Launch 2.2. The browser is sent to the authorization server of the EHR, which must be configured.',
      query: [
        { name: 'iss', description: 'Base address of the FHIR server.' },
        { name: 'launch', description: "The EHR's handle; without it the EHR asks for the patient." },
      ],
      answers: failing('The launch failed: what went wrong, and what to do.', 404),
      errors: [],
      errorContent: HTML,
      examples: [
        {
          summary: 'No EHR is configured',
          address: '/launch?iss=https://ehr.example/fhir&launch=x',
          status: 404,
          contentType: 'text/html',
        },
      ],
    },
  },
};

export const CALLBACK: RouteDocument = {
  tag: TAG,
  methods: {
    GET: {
      summary: 'The EHR sends the user back here',
      query: [
        { name: 'code', description: 'Authorization code.' },
        { name: 'state', description: 'What the launch sent.' },
        { name: 'error', description: 'Why there is no code (RFC 6749, 4.1.2.1).' },
      ],
      answers: failing('The launch failed: what went wrong, and what to do.', 404),
      errors: [],
      errorContent: HTML,
      examples: [
        { summary: 'No EHR is configured', address: '/callback?state=x', status: 404, contentType: 'text/html' },
      ],
    },
  },
};

export const JWKS: RouteDocument = {
  tag: TAG,
  methods: {
    GET: {
      summary: 'Our public keys (RFC 7517), by which EHRs verify that it is us',
      answers: {
        200: {
          description: 'The key set.',
          content: {
            'application/json': {
              schema: { type: 'object', required: ['keys'], properties: { keys: { type: 'array' } } },
            },
          },
        },
      },
      errors: [],
      errorContent: HTML,
      examples: [
        { summary: 'The keys', address: '/.well-known/jwks.json', status: 200, contentType: 'application/json' },
      ],
    },
  },
};

interface LaunchedFacts {
  readonly summary: string;
  readonly path: string;
  readonly fields: readonly ParameterDocument[];
  /** Of the path, beside the session. */
  readonly pathFields?: readonly ParameterDocument[];
  readonly content?: MethodDocument['answers'][number]['content'];
}

const answersOf = (content = HTML): MethodDocument['answers'] => ({
  200: { description: 'It.', content },
  410: { description: 'The session has ended.', content: HTML },
});
const example = (path: string) => ({
  summary: 'A session that has ended',
  address: `${NO_SESSION}${path}`,
  status: 410,
  contentType: 'text/html',
});

const posted = ({ summary, path, fields, content }: LaunchedFacts): MethodDocument => ({
  summary,
  body: {
    required: true,
    content: {
      [FORM]: {
        schema: {
          type: 'object',
          properties: Object.fromEntries(
            [...fields, LANGUAGE].map(({ name, description }) => [name, { type: 'string', description }]),
          ),
        },
      },
    },
  },
  answers: answersOf(content),
  errors: ['foreign-form'],
  errorContent: HTML,
  examples: [{ ...example(path), headers: { 'Content-Type': FORM, 'Sec-Fetch-Site': 'same-origin' }, body: 'lang=en' }],
});

const got = ({ summary, path, fields, content }: LaunchedFacts): MethodDocument => ({
  summary,
  query: [...fields, LANGUAGE],
  answers: answersOf(content),
  errors: [],
  errorContent: HTML,
  examples: [example(path)],
});

/** What clients read of an address of a session. */
export function describeLaunched(facts: LaunchedFacts, ...methods: readonly ('GET' | 'POST')[]): RouteDocument {
  const all = { GET: got(facts), POST: posted(facts) };
  return {
    tag: TAG,
    path: [SESSION, ...(facts.pathFields ?? [])],
    methods: Object.fromEntries(methods.map((method) => [method, all[method]])),
  };
}
