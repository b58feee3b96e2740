import type {
  CapabilityStatement,
  CapabilityStatementRestSecurity,
  CapabilityStatementRestResource,
  CapabilityStatementRestResourceOperation,
  OperationDefinition,
} from '@medplum/fhirtypes';
import { TYPE_INTERACTIONS, type FhirAnswer, type FhirRequest, type TypeModule } from '../rest/interaction.js';
import type { FhirModules, ModuleOptions } from '../rest/module-options.js';
import { readShortening, shorten } from '../search/shorten.js';
import { findParameter } from '../../route.js';
import { describeTerminology } from './terminology-capabilities.js';
import type { FhirRow } from '../rest/rows.js';
import { dropEmpty } from '../syntax/drop-empty.js';
import { fillTemplate } from '../syntax/template.js';
import { badValue } from '../rest/bad-request.js';

type Operation = CapabilityStatementRestResourceOperation;

const SECURITY_SERVICES = 'http://terminology.hl7.org/CodeSystem/restful-security-service';
const OAUTH_URIS = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris';

const MODES = ['full', 'normative', 'terminology'];

const toOperation = ({ code, url = '' }: OperationDefinition): Operation => ({ name: code, definition: url });

/** The operations of some addresses, each once. */
const listOperations = (rows: readonly FhirRow[]): Operation[] =>
  [...new Set(rows.flatMap(({ operation }) => operation ?? []))].map(toOperation);

function describeType(module: TypeModule, rows: readonly FhirRow[], base: string): CapabilityStatementRestResource {
  const { type, profiles, searchParameters = [], includes = [] } = module;
  const methods = rows.flatMap((row) => Object.values(row.methods).filter(({ run }) => run));
  const can = (wanted: string): boolean => methods.some(({ name }) => name === wanted);
  const searchParam = searchParameters.map(({ name, type: kind, documentation, definition }) => ({
    name,
    definition: definition(base),
    type: kind,
    documentation,
  }));
  return dropEmpty({
    type,
    supportedProfile: [...(profiles?.(base) ?? [])],
    interaction: TYPE_INTERACTIONS.filter(can).map((code) => ({ code })),
    versioning: can('update') ? 'versioned-update' : 'versioned',
    readHistory: false,
    updateCreate: can('update') || undefined,
    conditionalCreate: can('create') || undefined,
    conditionalRead: 'full-support',
    conditionalUpdate: can('update') || undefined,
    conditionalDelete: can('delete') ? 'single' : undefined,
    searchInclude: [...includes],
    searchParam,
    operation: listOperations(rows),
  });
}

/** Bearer tokens decide who may read and write, if not everyone may. */
function describeSecurity(authorization: ModuleOptions['authorization']): CapabilityStatementRestSecurity {
  if (!authorization) return { cors: true };
  const { jwt, closed, allowsWriting } = authorization;
  const service = jwt ? 'SMART-on-FHIR' : 'OAuth';
  const scopes = (example: string): string =>
    jwt ? ` with SMART scopes such as system/DocumentReference.${example}` : '';
  const reading = closed.has('fhir') ? `Reading needs a bearer token${scopes('rs')}.` : 'Reading is open.';
  const writing = allowsWriting ? `Writing needs a bearer token${scopes('cud')}.` : 'Nothing is written.';
  const token = jwt?.tokenUrl ? [{ url: 'token', valueUri: jwt.tokenUrl }] : [];
  return dropEmpty({
    extension: token.length > 0 ? [{ url: OAUTH_URIS, extension: token }] : [],
    cors: true,
    service: [{ coding: [{ system: SECURITY_SERVICES, code: service, display: service }], text: 'Bearer tokens' }],
    description: `${reading} ${writing}`,
  });
}

/** Returns the server's abilities (R4 CapabilityStatement, kind instance), made of the modules behind its routes. */
export function describeInstance(
  options: ModuleOptions,
  { types, rows }: FhirModules,
  { baseUrl }: FhirRequest,
): CapabilityStatement {
  const { date } = options.library.status();
  const operations = listOperations(rows.filter(({ type }) => type === undefined));
  const ofType = (wanted: string): FhirRow[] => rows.filter(({ type }) => type === wanted);
  return fillTemplate('capabilityStatement', {
    ...options,
    baseUrl,
    date,
    time: `${date}T00:00:00Z`,
    security: describeSecurity(options.authorization),
    resource: types.map((module) => describeType(module, ofType(module.type), options.canonicalBase)),
    interaction: [{ code: 'batch' as const }],
    operation: operations.length > 0 ? operations : undefined,
  });
}

/**
 * Creates the interaction `GET [base]/metadata` (R4 http, 3.1.0.6); `mode` selects all of it, the normative part (which
 * is not distinguished here), or terminology.
 */
export function createCapabilities(options: ModuleOptions, modules: FhirModules) {
  return async (request: FhirRequest): Promise<FhirAnswer> => {
    const mode = findParameter(request.parameters, 'mode')?.trim() ?? 'full';
    if (!MODES.includes(mode)) throw badValue('mode', MODES.join(', '));
    const wanted = readShortening(request, 'CapabilityStatement', 'mode');
    const describe = mode === 'terminology' ? describeTerminology : describeInstance;
    const resource = await describe(options, modules, request);
    return { status: 200, resource: shorten(resource, wanted), facts: { outcome: 'ok' } };
  };
}
