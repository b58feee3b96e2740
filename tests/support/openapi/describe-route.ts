import { findOwn } from '../../../src/core/find-own.js';
import { ARTICLE_KINDS } from '../../../src/core/model/article.js';
import { LANGUAGES } from '../../../src/core/model/language.js';
import { getOrAdd } from '../../../src/core/remember.js';
import { LIMITS } from '../../../src/limits.js';
import type { FhirRow } from '../../../src/protocols/fhir/rest/rows.js';
import { readDescription } from '../../../src/protocols/read-description.js';
import type { Route } from '../../../src/protocols/route.js';
import type { RouteMethod } from '../../../src/protocols/route-document.js';
import { FORMATS, FORMAT_NAMES } from '../../../src/protocols/search/router.js';
import { DEFAULT_COUNT, KINDS } from '../../../src/protocols/search/parse.js';
import { CHAPTERS } from '../../../src/web/chapters.js';
import { describeFhir } from './describe-fhir.js';
import { describeResource } from './describe-resources.js';
import { formSchema } from './form-schema.js';
import type { ExampleCall, MethodDocument, ParameterDocument, RouteDocument } from './route-document.js';

interface InfobuttonParts {
  readonly query: readonly ParameterDocument[];
  readonly errors: readonly string[];
}

/** The parameters of an infobutton request and its errors, wherever one is answered. */
export const readInfobutton = (): InfobuttonParts => readDescription('infobutton') as InfobuttonParts;

const TEXT = { schema: { type: 'string' } };
const SEARCH = {
  maxQueryChars: LIMITS.maxQueryChars,
  maxHits: LIMITS.maxHits,
  defaultCount: DEFAULT_COUNT,
  kinds: KINDS,
  formats: FORMAT_NAMES,
  texts: Object.fromEntries(FORMAT_NAMES.map((name) => [FORMATS[name].types[0] ?? '', TEXT])),
};

/** The values that the descriptions of a file are filled with. @param path of the described address */
function listValues(file: string, path: string): Readonly<Record<string, unknown>> {
  if (file === 'cds-hooks') return LIMITS;
  if (file === 'search') return SEARCH;
  if (file === 'smart-configuration') {
    const outcome = path.startsWith('/fhir') ? { 'application/fhir+json': describeResource('OperationOutcome') } : {};
    return { outcome };
  }
  if (file !== 'pages') return {};
  const { query, errors } = readInfobutton();
  const chapters = CHAPTERS.map(({ key }) => key);
  return { kinds: ARTICLE_KINDS, languages: LANGUAGES, chapters, infobuttonQuery: query, infobuttonErrors: errors };
}

/** Puts a description at its address: an example that begins with no slash is a query of it. */
function placeAt(path: string, document: RouteDocument): RouteDocument {
  const place = (call: ExampleCall): ExampleCall =>
    call.address.startsWith('/') ? call : { ...call, address: `${path}${call.address}` };
  const placed = (Object.entries(document.methods) as [RouteMethod, MethodDocument][]).map(
    ([method, described]) => [method, { ...described, examples: described.examples.map(place) }] as const,
  );
  return { ...document, methods: Object.fromEntries(placed) };
}

function readDocument({ path, document, ...row }: Route): RouteDocument | undefined {
  if (!document) return undefined;
  const { file, name, methods } = document;
  if (methods) return placeAt(path, describeFhir({ path, ...(row as Partial<FhirRow>) }, methods));
  const described = readDescription(file, { form: formSchema, ...listValues(file, path) });
  const found = name === undefined ? described : findOwn(described as Readonly<Record<string, unknown>>, name);
  if (found === undefined) throw new Error(`${file}.yaml describes no ${name ?? ''}`);
  return placeAt(path, found as RouteDocument);
}

const documents = new Map<Route, RouteDocument | undefined>();

/** Describes a route; undefined for one that answers with errors alone. @throws Error if a file lacks its description */
export const describeRoute = (route: Route): RouteDocument | undefined =>
  getOrAdd(documents, route, () => readDocument(route));
