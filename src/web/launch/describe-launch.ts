import { HTML } from '../../protocols/infobutton/describe-routes.js';
import type {
  AnswerDocument,
  MethodDocument,
  ParameterDocument,
  RouteDocument,
} from '../../protocols/route-document.js';
import { LAUNCH_FAILURES } from '../../upstream/smart/launch-failure.js';

export const TAG = 'SMART App Launch';
export const LANGUAGE: ParameterDocument = { name: 'lang', description: 'Language of the page: en or es.' };

export const SENT_ON: AnswerDocument = {
  description: 'The browser is sent on.',
  content: { 'text/plain': { schema: { type: 'string' } } },
  headers: ['Location'],
};
export const PAGE: AnswerDocument = { description: 'The page.', content: HTML, headers: ['Content-Language'] };

/** Failure pages by status: what went wrong, and what to do. */
export const FAILURES: MethodDocument['answers'] = Object.fromEntries(
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
