import type { ErrorCode } from '../../core/errors.js';
import { formSchema } from '../../protocols/describe.js';
import { HTML } from '../../protocols/infobutton/describe-routes.js';
import type { Handler, Route } from '../../protocols/route.js';
import type { ContentByType, ExampleCall, MethodDocument, ParameterDocument } from '../../protocols/route-document.js';
import { createErrorRenderer } from '../pages/error-page.js';
import { LAUNCHED_PATH } from './cookies.js';
import { FAILURES, LANGUAGE, PAGE, SENT_ON, TAG } from './describe-launch.js';
import type { LaunchOptions } from './launch-options.js';
import { withFailures } from './start-routes.js';

const FORM = 'application/x-www-form-urlencoded';

/** An address of a session, with what its clients read of it. */
export interface SessionAddress {
  /** Path below the session's address; it may have the parameter `:entry`. */
  readonly path: string;
  readonly get?: Handler;
  readonly post?: Handler;
  readonly summary: string;
  readonly fields?: readonly ParameterDocument[];
  /** Fields of a POST alone. */
  readonly postFields?: readonly ParameterDocument[];
  readonly errors?: readonly ErrorCode[];
  /** Whether a success redirects. */
  readonly redirects?: boolean;
  /** The content of a success that is a document; undefined: it is a page. */
  readonly content?: ContentByType;
}

const ENTRY: ParameterDocument = { name: 'entry', description: 'Id of the entry.' };
const SESSION: ParameterDocument = { name: 'session', description: 'The session of one launch.' };
const SITE: ParameterDocument = {
  name: 'Sec-Fetch-Site',
  description: 'As browsers send it: a form is accepted from our own page alone.',
};

function describeMethod(address: SessionAddress, method: 'GET' | 'POST'): MethodDocument {
  const { path, summary, fields = [], postFields = [], errors = [], redirects = false, content } = address;
  const success = redirects ? { 303: SENT_ON } : { 200: content ? { ...PAGE, content } : PAGE };
  const example: ExampleCall = {
    summary: 'A session that has ended',
    address: `${LAUNCHED_PATH}/none${path.replace(':entry', 'none')}`,
    status: 410,
    contentType: 'text/html',
  };
  const common = { summary, answers: { ...FAILURES, ...success }, errorContent: HTML };
  if (method === 'GET') return { ...common, query: [...fields, LANGUAGE], errors, examples: [example] };
  return {
    ...common,
    headers: [SITE],
    body: { required: true, content: { [FORM]: { schema: formSchema([...fields, ...postFields, LANGUAGE]) } } },
    errors: ['foreign-form', ...errors],
    examples: [{ ...example, headers: { 'Content-Type': FORM, 'Sec-Fetch-Site': 'same-origin' }, body: 'lang=en' }],
  };
}

/** Builds the route of an address of a session; failures of launch and session become their page. */
export function buildSessionRoute(options: LaunchOptions, address: SessionAddress): Route {
  const { path, get, post, content } = address;
  return {
    path: `${LAUNCHED_PATH}/:session${path}`,
    protocol: 'launched',
    headerKind: content ? 'document' : 'page',
    renderError: createErrorRenderer(options),
    ...(get ? { get: withFailures(options, LAUNCHED_PATH, get) } : {}),
    ...(post ? { post: withFailures(options, LAUNCHED_PATH, post) } : {}),
    document: {
      tag: TAG,
      path: [SESSION, ...(path.includes(':entry') ? [ENTRY] : [])],
      methods: {
        ...(get ? { GET: describeMethod(address, 'GET') } : {}),
        ...(post ? { POST: describeMethod(address, 'POST') } : {}),
      },
    },
  };
}
