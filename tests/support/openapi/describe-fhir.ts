import type { OperationDefinition, OperationDefinitionParameter } from '@medplum/fhirtypes';
import type { ErrorCode } from '../../../src/core/errors.js';
import { readOnce } from '../../../src/core/read-once.js';
import { fillDescription, readDescription } from '../../../src/protocols/read-description.js';
import type { DescribedBy, RouteMethod, Schema } from '../../../src/protocols/route-document.js';
import type { FhirRow } from '../../../src/protocols/fhir/rest/rows.js';
import { formSchema } from './form-schema.js';
import type {
  AnswerDocument,
  ContentByType,
  ExampleCall,
  MethodDocument,
  ParameterDocument,
  RouteDocument,
} from './route-document.js';
import { listAllowedTypes } from '../../../src/protocols/fhir/rest/operation-values.js';
import { describeResource } from './describe-resources.js';
import { isPrimitiveType } from '../../../src/protocols/fhir/syntax/primitives.js';
import { findOwn } from '../../../src/core/find-own.js';

interface Described extends Omit<MethodDocument, 'answers' | 'body' | 'errorContent' | 'examples'> {
  /** `of` are the types of the resource that is returned. */
  readonly answers: Readonly<Record<number, AnswerDocument & { readonly of?: readonly string[] }>>;
  readonly body?: { readonly required: boolean; readonly of?: readonly string[]; readonly content?: ContentByType };
  readonly examples?: readonly Call[];
}

/** A call with status 200 and JSON where it does not say otherwise; a body may be a resource. */
type Call = Pick<ExampleCall, 'summary' | 'address'> & Partial<Omit<ExampleCall, 'body'>> & { readonly body?: unknown };

interface R4Descriptions {
  readonly path: Readonly<Record<string, ParameterDocument>>;
  readonly primitives: Readonly<Record<string, Schema>>;
  readonly terminologyErrors: Readonly<Record<string, readonly ErrorCode[]>>;
  readonly criteria: unknown;
  readonly included: unknown;
  readonly interactions: Readonly<Record<string, unknown>>;
  /** Id of a resource of each type that every library has. */
  readonly examples: Readonly<Record<string, string>>;
}

const JSON_TYPE = 'application/fhir+json';

interface Read {
  readonly datePattern: string;
  /** How a search writes a date (R4 search, 3.1.1.4.8). */
  readonly prefixedDate: string;
  readonly r4: R4Descriptions;
  readonly calls: Readonly<Record<string, readonly Call[]>>;
}

/** Descriptions of FHIR's addresses, read when they are needed. */
const read: Read = readOnce<Read>({
  datePattern: () => (readDescription('fhir') as { datePattern: string }).datePattern,
  prefixedDate: () => `(eq|ne|gt|lt|ge|le|sa|eb|ap)?${read.datePattern}`,
  r4: () => {
    const dates = { oneDate: `^${read.datePattern}$`, prefixedDate: `^${read.prefixedDate}$` };
    return readDescription('fhir', dates) as R4Descriptions;
  },
  calls: () => readDescription('fhir-examples') as Readonly<Record<string, readonly Call[]>>,
});

/** A resource of one of some types in FHIR's two formats. */
function describeContent(types: readonly string[]): ContentByType {
  const contents = types.map(describeResource);
  const parts = contents.map(({ name = '', schema, parts: own }) => ({ ...own, [name]: schema }));
  const any = {
    schema: { anyOf: contents.map(({ name = '' }) => ({ $ref: `#/components/schemas/${name}` })) },
    parts: Object.assign({}, ...parts) as Readonly<Record<string, Schema>>,
  };
  const described = contents.length === 1 ? (contents[0] ?? any) : any;
  return { [JSON_TYPE]: described, 'application/fhir+xml': { schema: { type: 'string' } } };
}

/** The query of a search: the type's own parameters, and those that every search has. */
function describeSearchQuery({
  searchParameters = [],
  includes = [],
}: NonNullable<FhirRow['search']>): ParameterDocument[] {
  const dates = { type: 'string', pattern: `^${read.prefixedDate}(,${read.prefixedDate})*$` };
  const own = searchParameters.map(({ name, type, documentation, modifiers }) => {
    const suffix = modifiers.length > 0 ? `; modifiers: ${modifiers.map((one) => `:${one}`).join(' ')}` : '';
    const description = `${documentation}. A ${type}${suffix}.`;
    return { name, ...(type === 'date' ? { schema: dates } : {}), description };
  });
  const included = includes.length > 0 ? fillDescription(read.r4.included, { includes }) : [];
  return fillDescription(read.r4.criteria, { own, included }) as ParameterDocument[];
}

/** The query of an operation: the primitive parts of its input. */
function describeOperationQuery(parameter: readonly OperationDefinitionParameter[]): ParameterDocument[] {
  return parameter.flatMap((one) => {
    const type = listAllowedTypes(one).find(isPrimitiveType);
    if (one.use !== 'in' || type === undefined) return [];
    const single = findOwn(read.r4.primitives, type) ?? { type: 'string' };
    const schema = one.max === '1' ? single : { type: 'array', items: single };
    const required = one.min > 0 ? { required: true } : {};
    return [{ name: one.name, description: one.documentation ?? '', schema, ...required }];
  });
}

/** Values of the description of a type's interactions; no `id` where a library may hold no resource of the type. */
function listTypeValues(type: string, search: NonNullable<FhirRow['search']>): Readonly<Record<string, unknown>> {
  const criteria = describeSearchQuery(search);
  const id = read.r4.examples[type];
  return { type, ...(id === undefined ? {} : { id }), criteria, form: formSchema(criteria) };
}

/** Values of the description of an operation. One resource named `return` is returned bare (R4, 3.2.0.3). */
function listOperationValues(
  { title, name, description = '', affectsState, resource = [], parameter = [] }: OperationDefinition,
  type: string | undefined,
): Readonly<Record<string, unknown>> {
  const [first, ...more] = parameter.filter(({ use }) => use === 'out');
  const output = first?.name === 'return' && more.length === 0 ? (first.type ?? 'Parameters') : 'Parameters';
  return {
    type,
    summary: title ?? name,
    description,
    affectsState,
    inputs: describeOperationQuery(parameter),
    output,
    // Neither Parameters nor a Bundle has a time at which it was changed.
    outputHeaders: output === 'Parameters' || output === 'Bundle' ? [] : ['Last-Modified'],
    terminology: resource.flatMap((one) => read.r4.terminologyErrors[one] ?? []),
  };
}

/** Whether a call names a resource that is there: `$id` is filled. */
const isFilled = (call: Call): boolean => !JSON.stringify(call).includes('$id');

function toCall({ body, headers, ...call }: Call): ExampleCall {
  const common = { status: 200, contentType: JSON_TYPE, ...call };
  if (body === undefined) return common;
  const text = typeof body === 'string' ? body : JSON.stringify(body, undefined, 2);
  return { ...common, headers: headers ?? { 'Content-Type': JSON_TYPE }, body: text };
}

function listValues({ type, operation, search }: Partial<FhirRow>): Readonly<Record<string, unknown>> {
  if (operation) return listOperationValues(operation, type);
  return type && search ? listTypeValues(type, search) : {};
}

/** Describes an address of the FHIR server by the descriptions of its methods. */
export function describeFhir(
  row: Pick<FhirRow, 'path'> & Partial<FhirRow>,
  methods: DescribedBy['methods'] = {},
): RouteDocument {
  const values = listValues(row);
  const { path } = row;
  const described = Object.entries(methods).flatMap(([method, interaction]) => {
    if (!row.methods?.[method as RouteMethod]?.run) return [];
    const filled = fillDescription(findOwn(read.r4.interactions, interaction), values) as Described;
    const { answers, body, examples = [], ...rest } = filled;
    const replies = Object.entries(answers).map(
      ([status, { of, ...answer }]) => [status, of ? { ...answer, content: describeContent(of) } : answer] as const,
    );
    const content = body && (body.content ?? describeContent(body.of ?? []));
    const document: MethodDocument = {
      ...rest,
      ...(content ? { body: { required: body.required, content } } : {}),
      answers: Object.fromEntries(replies),
      errorContent: describeContent(['OperationOutcome']),
      examples: (findOwn(read.calls, `${method} ${path}`) ?? examples.filter(isFilled)).map(toCall),
    };
    return [[method, document] as const];
  });
  const inPath = (path.match(/(?<=:)\w+/g) ?? []).flatMap((name) => findOwn(read.r4.path, name) ?? []);
  return {
    tag: typeof values.type === 'string' ? `FHIR ${values.type}` : 'FHIR',
    methods: Object.fromEntries(described),
    ...(inPath.length > 0 ? { path: inPath } : {}),
  };
}
