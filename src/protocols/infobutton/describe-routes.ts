import type { ErrorCode } from '../../core/errors.js';
import { JSON_ERROR, formSchema, toEnum } from '../describe.js';
import type {
  ContentByType,
  ExampleCall,
  MethodDocument,
  ParameterDocument,
  RouteDocument,
} from '../route-document.js';
import { KNOWLEDGE_RESPONSE, MEDLINEPLUS_FEED } from './describe-feeds.js';
import type { ParameterName } from './parameters.js';
import type { Dialect } from './response-type.js';

const ICD = '2.16.840.1.113883.6.90';
const REPEATS = 'Further ones carry a number at their end.';

/** What each parameter means; the guide's own names (HL7 Infobutton, URL-based, Release 4). */
const DESCRIPTIONS: Readonly<Record<ParameterName, Omit<ParameterDocument, 'name'>>> = {
  'mainSearchCriteria.v.c': { description: `The code to be explained. ${REPEATS}` },
  'mainSearchCriteria.v.cs': { description: `Its code system: an OID or a FHIR address. ${REPEATS}` },
  'mainSearchCriteria.v.csn': { description: 'Name of the code system, where no identifier is sent.' },
  'mainSearchCriteria.v.dn': { description: 'Display name of the code; a drug is found by it too.' },
  'mainSearchCriteria.v.ot': { description: 'The words the code was chosen by.' },
  'subTopic.v.c': { description: `What is asked of the subject: a MeSH qualifier or descriptor. ${REPEATS}` },
  'taskContext.c.c': { description: 'What the asker is doing: HL7 ActTaskCode, such as PROBLISTREV.' },
  'patientPerson.administrativeGenderCode.c': {
    description: 'Sex of the patient.',
    schema: toEnum(['M', 'F', 'UN']),
  },
  'age.v.v': { description: 'Age of the patient, with `age.v.u`.', schema: { type: 'number', minimum: 0 } },
  'age.v.u': { description: 'Unit of the age in UCUM.', schema: toEnum(['a', 'mo', 'wk', 'd', 'h', 'min']) },
  'ageGroup.v.c': {
    description: 'Age group of the patient as a MeSH descriptor, such as D002648 (child).',
    schema: { type: 'string', pattern: '^D\\d+$' },
  },
  informationRecipient: { description: 'Who is going to read.', schema: toEnum(['PAT', 'PROV', 'PAYOR']) },
  'informationRecipient.languageCode.c': {
    description:
      'Language of the reader: en or es. For any other (BCP 47, ISO 639) the answer is in English, says so first, and links to pages in it.',
  },
  performer: { description: 'Who works the screen.', schema: toEnum(['PAT', 'PROV', 'PAYOR']) },
  'performer.languageCode.c': { description: 'Language of who works the screen.' },
  'encounter.c.c': { description: 'Setting: HL7 ActEncounterCode, such as AMB, IMP, EMER.' },
  knowledgeResponseType: {
    description: 'Media type of the answer; it goes before the Accept header.',
    schema: toEnum(['text/xml', 'application/json', 'application/javascript', 'text/html']),
  },
  callback: {
    description:
      'Name of the function that a JSONP answer calls. An error by JSONP has status 200, but for 401, 403 and 421, since browsers run no script of any other: the function is called with `{ error: { code, status, message } }`.',
  },
  explain: { description: 'Whether the answer says why.', schema: { type: 'boolean' } },
};

/** The parameters of an infobutton request, wherever one is answered. */
export const INFOBUTTON_QUERY: readonly ParameterDocument[] = Object.entries(DESCRIPTIONS).map(([name, facts]) => ({
  name,
  ...facts,
}));

export const INFOBUTTON_ERRORS: readonly ErrorCode[] = [
  ...(['missing-code-system', 'unknown-code-system', 'missing-search-criteria', 'too-many-criteria'] as const),
  ...(['bad-callback', 'unsupported-response-type'] as const),
];

export const HTML: ContentByType = { 'text/html': { schema: { type: 'string' } } };
const SCRIPT: ContentByType = { 'application/javascript': { schema: { type: 'string' } } };
/** An error in XML, as these services send it: an `error` element. */
const XML_ERROR: ContentByType = { 'text/xml': { schema: { type: 'string' } } };

const ANSWERS: Readonly<Record<Dialect, ContentByType>> = {
  medlineplus: {
    'text/xml': { schema: { type: 'string', description: 'An Atom feed.' } },
    'application/json': MEDLINEPLUS_FEED,
    ...SCRIPT,
    ...HTML,
  },
  hl7: {
    'text/xml': {
      schema: { type: 'string', description: 'An Atom feed; for several criteria, an aggregate of feeds.' },
    },
    'application/json': KNOWLEDGE_RESPONSE,
    ...SCRIPT,
    ...HTML,
  },
};

/** `N53.14`, as the README asks about it. */
const ASKED = `mainSearchCriteria.v.cs=${ICD}&mainSearchCriteria.v.c=N53.14`;

function examplesOf(path: string): ExampleCall[] {
  const call = (summary: string, query: string, contentType: string, status = 200): ExampleCall => ({
    summary,
    address: `${path}?${query}`,
    status,
    contentType,
  });
  return [
    call('An ICD-10-CM code, in JSON', `${ASKED}&knowledgeResponseType=application/json`, 'application/json'),
    call('The same for a reader of Spanish, as a feed', `${ASKED}&informationRecipient.languageCode.c=es`, 'text/xml'),
    call('As a page', `${ASKED}&knowledgeResponseType=text/html`, 'text/html'),
    call('Without a code system', 'mainSearchCriteria.v.c=N53.14&knowledgeResponseType=json', 'application/json', 400),
  ];
}

const FORM = 'application/x-www-form-urlencoded';

/** What clients read of the infobutton service at an address. */
export function describeInfobutton(dialect: Dialect, path: string, isPosted: boolean): RouteDocument {
  const common: Omit<MethodDocument, 'summary' | 'examples'> = {
    answers: {
      200: {
        description: 'The articles that explain the code; none, with the reason, where there are none.',
        content: ANSWERS[dialect],
        headers: ['Content-Language', 'X-Answer'],
      },
    },
    errors: INFOBUTTON_ERRORS,
    errorContent: { ...XML_ERROR, ...JSON_ERROR, ...SCRIPT, ...HTML },
  };
  const guide = dialect === 'hl7' ? 'HL7 Infobutton, URL-based (Release 4)' : 'MedlinePlus Connect';
  const GET: MethodDocument = {
    ...common,
    summary: 'Explain a code',
    description: `A knowledge request as ${guide} has it. Names are read in any case; unknown ones are passed over.`,
    query: INFOBUTTON_QUERY,
    examples: examplesOf(path),
  };
  const POST: MethodDocument = {
    ...common,
    summary: 'Explain a code, sent as a form',
    errors: [...common.errors, 'unsupported-media-type', 'body-too-large'],
    body: { required: true, content: { [FORM]: { schema: formSchema(INFOBUTTON_QUERY), name: 'InfobuttonForm' } } },
    examples: [
      {
        summary: 'A form',
        address: path,
        headers: { 'Content-Type': FORM },
        body: `${ASKED}&knowledgeResponseType=application/json`,
        status: 200,
        contentType: 'application/json',
      },
    ],
  };
  return {
    tag: dialect === 'hl7' ? 'HL7 Infobutton' : 'MedlinePlus Connect',
    methods: isPosted ? { GET, POST } : { GET },
  };
}
