import type { ErrorCode } from '../../core/errors.js';
import { formSchema } from '../../protocols/describe.js';
import { HTML } from '../../protocols/infobutton/describe-routes.js';
import type {
  AnswerDocument,
  ContentByType,
  ExampleCall,
  MethodDocument,
  ParameterDocument,
  RouteDocument,
} from '../../protocols/route-document.js';
import { LAUNCH_FAILURES } from '../../upstream/smart/launch-failure.js';

const TAG = 'SMART App Launch';
const SESSION: ParameterDocument = { name: 'session', description: 'The session of one launch.' };
const LANGUAGE: ParameterDocument = { name: 'lang', description: 'Language of the page: en or es.' };
const FORM = 'application/x-www-form-urlencoded';
const NO_SESSION = '/launched/none';

const SENT_ON: AnswerDocument = {
  description: 'The browser is sent on.',
  content: { 'text/plain': { schema: { type: 'string' } } },
  headers: ['Location'],
};
const PAGE: AnswerDocument = { description: 'The page.', content: HTML, headers: ['Content-Language'] };

/** Failure pages by status: what went wrong, and what to do. */
const FAILURES: MethodDocument['answers'] = Object.fromEntries(
  [...new Set<number>(Object.values(LAUNCH_FAILURES))].map((status) => [
    status,
    { ...PAGE, description: 'The launch failed: what went wrong, and what to do.' },
  ]),
);

interface StartFacts {
  readonly summary: string;
  readonly query: readonly ParameterDocument[];
  /** A call for a server without EHRs. */
  readonly example: string;
}

const describeStart = ({ summary, query, example }: StartFacts): RouteDocument => ({
  tag: TAG,
  methods: {
    GET: {
      summary,
      query: [...query, LANGUAGE],
      answers: { 303: SENT_ON, ...FAILURES },
      errors: [],
      errorContent: HTML,
      examples: [{ summary: 'No EHR is configured', address: example, status: 404, contentType: 'text/html' }],
    },
  },
});

export const LAUNCH: RouteDocument = describeStart({
  summary: 'A launch from an EHR begins (SMART App Launch 2.2)',
  query: [
    { name: 'iss', description: 'Base address of the FHIR server, which must be configured.' },
    { name: 'launch', description: "The EHR's handle; without it the EHR asks for the patient." },
  ],
  example: '/launch?iss=https://ehr.example/fhir&launch=x',
});

export const CALLBACK: RouteDocument = describeStart({
  summary: 'The EHR sends the user back here',
  query: [
    { name: 'code', description: 'Authorization code.' },
    { name: 'state', description: 'What the launch sent.' },
    { name: 'error', description: 'Why there is no code (RFC 6749, 4.1.2.1).' },
  ],
  example: '/callback?state=x',
});

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
              schema: {
                type: 'object',
                required: ['keys'],
                properties: { keys: { type: 'array', items: { type: 'object' } } },
              },
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
  /** Path below the session's address, with a value for each parameter. */
  readonly path: string;
  readonly fields: readonly ParameterDocument[];
  /** Further parameters of the path. */
  readonly pathFields?: readonly ParameterDocument[];
  /** The response of a success; undefined: a page. */
  readonly success?: { readonly status: number; readonly content?: ContentByType };
  readonly errors?: readonly ErrorCode[];
}

function listAnswers({ success = { status: 200 } }: LaunchedFacts): MethodDocument['answers'] {
  if (success.status === 303) return { ...FAILURES, 303: SENT_ON };
  return { ...FAILURES, 200: success.content ? { ...PAGE, content: success.content } : PAGE };
}

const example = (path: string): ExampleCall => ({
  summary: 'A session that has ended',
  address: `${NO_SESSION}${path}`,
  status: 410,
  contentType: 'text/html',
});

function posted(facts: LaunchedFacts): MethodDocument {
  const { summary, path, fields, errors = [] } = facts;
  return {
    summary,
    headers: [
      { name: 'Sec-Fetch-Site', description: 'As browsers send it: a form is accepted from our own page alone.' },
    ],
    body: { required: true, content: { [FORM]: { schema: formSchema([...fields, LANGUAGE]) } } },
    answers: listAnswers(facts),
    errors: ['foreign-form', ...errors],
    errorContent: HTML,
    examples: [
      { ...example(path), headers: { 'Content-Type': FORM, 'Sec-Fetch-Site': 'same-origin' }, body: 'lang=en' },
    ],
  };
}

function got(facts: LaunchedFacts): MethodDocument {
  const { summary, path, fields, errors = [] } = facts;
  return {
    summary,
    query: [...fields, LANGUAGE],
    answers: listAnswers(facts),
    errors,
    errorContent: HTML,
    examples: [example(path)],
  };
}

/** Documents an address of a session. */
export function describeLaunched(facts: LaunchedFacts, ...methods: readonly ('GET' | 'POST')[]): RouteDocument {
  const all = { GET: got, POST: posted };
  return {
    tag: TAG,
    path: [SESSION, ...(facts.pathFields ?? [])],
    methods: Object.fromEntries(methods.map((method) => [method, all[method](facts)])),
  };
}
