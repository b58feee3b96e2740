import type { ErrorCode } from '../core/errors.js';
import { formSchema } from '../protocols/describe.js';
import { HTML } from '../protocols/infobutton/describe-routes.js';
import type { MethodDocument, ParameterDocument, RouteDocument } from '../protocols/route-document.js';
import { describePage } from './describe-pages.js';

const FORM = 'application/x-www-form-urlencoded';
const LANGUAGE: ParameterDocument = { name: 'lang', description: 'Language of the page: en or es.' };

const FROM_BROWSERS = 'As browsers send it: the form is accepted from our own page alone.';

interface FormFacts {
  readonly summary: string;
  readonly fields: readonly ParameterDocument[];
  readonly errors: readonly ErrorCode[];
  /** When the form is answered by an address to go on to. */
  readonly redirect?: string;
  readonly address: string;
  readonly example: string;
  /** Request headers that it needs, with their values. */
  readonly headers?: Readonly<Record<string, string>>;
}

function describePost({
  summary,
  fields,
  errors,
  redirect,
  address,
  example,
  headers = {},
}: FormFacts): MethodDocument {
  const call = { address, headers: { 'Content-Type': FORM, ...headers }, body: example };
  return {
    summary,
    ...(Object.keys(headers).length > 0
      ? { headers: Object.keys(headers).map((name) => ({ name, description: FROM_BROWSERS })) }
      : {}),
    body: { required: true, content: { [FORM]: { schema: formSchema([...fields, LANGUAGE]) } } },
    answers: {
      200: { description: 'The page.', content: HTML, headers: ['Content-Language'] },
      ...(redirect === undefined
        ? {}
        : {
            303: {
              description: redirect,
              content: { 'text/plain': { schema: { type: 'string' } } },
              headers: ['Location'],
            },
          }),
    },
    errors,
    errorContent: HTML,
    examples: [{ summary, ...call, status: 200, contentType: 'text/html' }],
  };
}

/** What clients read of a page of ours and of the form that is posted to it. */
function describeForm(page: Parameters<typeof describePage>[0], form: Omit<FormFacts, 'address'>): RouteDocument {
  const { methods, ...shown } = describePage(page);
  const address = page.example.split('?', 1)[0] ?? '';
  return { ...shown, methods: { ...methods, POST: describePost({ ...form, address }) } };
}

export const LIST: RouteDocument = describeForm(
  {
    summary: 'The list page for several codes',
    query: [{ name: 'code', description: 'A code with its system: icd-10-cm|E11.9; repeated.' }],
    example: '/packet?code=icd-10-cm%7CE11.9&code=icd-10-cm%7CI10',
  },
  {
    summary: 'The list page for a pasted list or chart',
    fields: [
      {
        name: 'list',
        description:
          'Codes, drugs, abbreviations or words, one a line or with commas between; or a chart: FHIR JSON or XML, C-CDA.',
      },
      { name: 'q', description: 'The same from the search box: one entry is sent on to the search.' },
      { name: 'as', description: 'What an entry is replaced with: JSON of its place, its text and the new text.' },
      { name: 'age', description: 'Age of the reader.' },
      { name: 'ageUnit', description: 'a, mo or d.' },
      { name: 'sex', description: 'female or male.' },
      { name: 'inactive', description: 'true: problems that are over are asked about too.' },
    ],
    errors: ['foreign-form', 'bad-resource', 'bad-parameter-value', 'too-many-criteria', 'too-many-resources'],
    redirect: 'A single entry from the search box: to its search.',
    example: 'list=E11.9%0AI10&age=50&ageUnit=a',
  },
);

const ON_HANDOUT: ParameterDocument = { name: 'article', description: 'Id of an article; repeated.' };
const READS: ParameterDocument = {
  name: 'language',
  description:
    "Language that the patient reads: en, es, or any other (BCP 47), of which the sheet links pages; without it, the page's.",
};

const PAPER: readonly ParameterDocument[] = [
  ON_HANDOUT,
  READS,
  { name: 'move', description: 'Moves an article by a place: up or down, a blank, its id.' },
  { name: 'set', description: 'true: large, label and teachBack are off where they are not sent.' },
  { name: 'large', description: 'true: large print.' },
  { name: 'label', description: 'true: room for a name label.' },
  { name: 'teachBack', description: 'true: lines for teach-back.' },
];
const NOTE: ParameterDocument = { name: 'note', description: 'A note for the patient, printed and never stored.' };

export const HANDOUT: RouteDocument = describeForm(
  { summary: 'The patient handout', query: PAPER, example: '/handout?article=topic-acne' },
  {
    summary: 'The patient handout with a note, which is never stored',
    fields: [...PAPER, NOTE],
    errors: ['foreign-form', 'query-too-long'],
    example: 'article=topic-acne&note=Call+us',
  },
);

const PDF = { 'application/pdf': { schema: { type: 'string', format: 'binary' } } } as const;
const PDF_ERRORS = ['missing-parameter', 'unprintable', 'too-costly', 'overloaded'] as const;

export const HANDOUT_PDF: RouteDocument = {
  tag: 'Pages',
  methods: {
    GET: {
      summary: 'The patient handout as a tagged PDF (PDF/UA-1)',
      query: [...PAPER, LANGUAGE],
      answers: { 200: { description: 'The PDF.', content: PDF, headers: ['Content-Language'] } },
      errors: PDF_ERRORS,
      errorContent: HTML,
      examples: [
        {
          summary: 'A handout in Spanish',
          address: '/handout.pdf?article=topic-acne&language=es',
          status: 200,
          contentType: 'application/pdf',
        },
      ],
    },
    POST: {
      summary: 'The patient handout with a note as a tagged PDF',
      body: { required: true, content: { [FORM]: { schema: formSchema([...PAPER, NOTE, LANGUAGE]) } } },
      answers: { 200: { description: 'The PDF.', content: PDF, headers: ['Content-Language'] } },
      errors: ['foreign-form', 'query-too-long', ...PDF_ERRORS],
      errorContent: HTML,
      examples: [
        {
          summary: 'A handout with a note',
          address: '/handout.pdf',
          headers: { 'Content-Type': FORM },
          body: 'article=topic-acne&note=Call+us',
          status: 200,
          contentType: 'application/pdf',
        },
      ],
    },
  },
};

export const FORMER_HANDOUT: RouteDocument = {
  tag: 'Pages',
  methods: {
    GET: {
      summary: 'The former address of the patient handout',
      answers: {
        308: {
          description: 'The handout is at /handout.',
          content: { 'text/plain': { schema: { type: 'string' } } },
          headers: ['Location'],
        },
      },
      errors: [],
      errorContent: HTML,
      examples: [
        { summary: 'It has moved', address: '/sheet?article=topic-acne', status: 308, contentType: 'text/plain' },
      ],
    },
  },
};

const SUBJECT: readonly ParameterDocument[] = [
  { name: 'article', description: 'Id of the article.' },
  { name: 'system', description: 'Code system of the code that led to it.' },
  { name: 'code', description: 'That code.' },
  { name: 'q', description: 'What was searched for, to come back to it; never stored.' },
];

export const FEEDBACK: RouteDocument = describeForm(
  {
    summary: '"Wrong page?"',
    query: SUBJECT,
    errors: ['article-not-found', 'not-found'],
    example: '/feedback?article=topic-acne&system=icd-10-cm&code=L70.0',
  },
  {
    summary: 'Says what is wrong with an article; taken from our own page alone',
    fields: [
      ...SUBJECT,
      { name: 'reason', description: 'wrong-topic, wrong-age, wrong-language, broken-link, frightening, other.' },
    ],
    errors: ['foreign-form', 'article-not-found', 'not-found', 'storage-full'],
    example: 'article=topic-acne&system=icd-10-cm&code=L70.0&reason=other',
    headers: { 'Sec-Fetch-Site': 'same-origin' },
  },
);

const FILE = { schema: { type: 'string' } } as const;

export const ASSETS: RouteDocument = {
  tag: 'Files',
  path: [{ name: 'file', description: 'Name of the file.' }],
  methods: {
    GET: {
      summary: 'Files of the page',
      query: [{ name: 'v', description: 'Version of the file: with it, it may be kept for ever.' }],
      answers: {
        200: {
          description: 'The file.',
          content: { 'text/css': FILE, 'text/javascript': FILE, 'image/svg+xml': FILE },
        },
      },
      errors: ['not-found'],
      errorContent: HTML,
      examples: [{ summary: 'The icon', address: '/assets/icon.svg', status: 200, contentType: 'image/svg+xml' }],
    },
  },
};

export const SITE_LOGO: RouteDocument = {
  tag: 'Pages',
  methods: {
    GET: {
      summary: "The hospital's logo, where one is configured",
      answers: {
        200: { description: 'The picture.', content: { 'image/*': { schema: { type: 'string', format: 'binary' } } } },
      },
      errors: ['not-found'],
      errorContent: HTML,
      examples: [{ summary: 'None is configured', address: '/site-logo', status: 404, contentType: 'text/html' }],
    },
  },
};
