import { RequestError } from '../../../core/errors.js';
import type { Handler, Route } from '../../route.js';
import type { AuthorizationFacts, ModuleOptions } from '../rest/module-options.js';
import { jsonErrorRenderer } from '../../render-error.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const WRITTEN = ['DocumentReference', 'ConceptMap'];
const READ = ['DocumentReference', 'CodeSystem', 'ValueSet', 'ConceptMap'];

/** The only scope that reads the record of what was handed over. */
const RECORD_SCOPE = 'system/Communication.rs';

/** Returns this server's authorization in SMART's words (SMART App Launch 2, conformance). */
function describeAuthorization({ jwt, closed, allowsWriting }: AuthorizationFacts, hasRecord: boolean): object {
  const writing = ['system/*.cud', ...WRITTEN.map((type) => `system/${type}.cud`)];
  const reading = ['system', 'user'].flatMap((level) => [
    `${level}/*.rs`,
    ...READ.map((type) => `${level}/${type}.rs`),
  ]);
  return {
    ...(jwt ? { issuer: jwt.issuer, jwks_uri: jwt.jwksUrl } : {}),
    ...(jwt?.tokenUrl ? { token_endpoint: jwt.tokenUrl, grant_types_supported: ['client_credentials'] } : {}),
    scopes_supported: [
      ...(closed.size > 0 ? reading : []),
      ...(allowsWriting ? writing : []),
      ...(hasRecord ? [RECORD_SCOPE] : []),
    ],
    capabilities: jwt ? ['permission-v1', 'permission-v2'] : [],
  };
}

/** Where SMART's clients learn about authorization: below FHIR's base, and below the server's; 404 where reading is open and writing is off. */
export function createSmartRoutes({
  authorization,
  texts,
  handedOver,
}: Pick<ModuleOptions, 'authorization' | 'texts' | 'handedOver'>): Route[] {
  const get: Handler = async () => {
    if (!authorization) throw new RequestError('not-found');
    const body = JSON.stringify(describeAuthorization(authorization, handedOver !== undefined));
    return { status: 200, contentType: JSON_TYPE, body, facts: { outcome: 'ok' } };
  };
  const renderError = jsonErrorRenderer(texts);
  return ['/fhir', ''].map((base): Route => {
    const path = `${base}/.well-known/smart-configuration`;
    const document = { file: 'smart-configuration' };
    return { path, protocol: 'fhir', headerKind: 'api', isOpen: true, get, renderError, document };
  });
}
