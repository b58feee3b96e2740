import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWTPayload } from 'jose';
import { SignJWT, decodeJwt, exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import type { Resource } from './fhir-stand-in.js';
import { FhirStandIn, outcome, send } from './fhir-stand-in.js';

export const CLIENT_ID = 'education-connect';
export const CLIENT_SECRET = 'a-secret-of-forty-characters-for-the-test';

const [keys, foreign] = await Promise.all([
  generateKeyPair('RS256', { extractable: true }),
  generateKeyPair('RS256', { extractable: true }),
]);
const jwk = { ...(await exportJWK(keys.privateKey)), kid: 'ehr', alg: 'RS256', use: 'sig' };

const SCOPES = ['online_access', 'openid', 'fhirUser', 'launch', 'launch/patient'];
const TYPES = ['Patient', 'Encounter', 'Condition', 'MedicationRequest', 'Medication', 'AllergyIntolerance'];
const FURTHER = ['ServiceRequest', 'ImmunizationRecommendation', 'Observation'];
const WRITTEN = ['DocumentReference', 'Communication', 'Procedure'];

/** How the EHR behaves from now on. */
export interface EhrBehaviour {
  /** Context of the token response: patient, encounter, need_patient_banner. */
  context: Record<string, unknown>;
  fhirUser: string | undefined;
  /** Error of the user or the server at the authorization endpoint. */
  authorizationError: string | undefined;
  /** Answers in the token endpoint's place. */
  tokenError: { readonly status: number; readonly error: string } | undefined;
  /** Scopes that are granted; undefined: those that were requested. */
  granted: string | undefined;
  /** Changes what the SMART configuration says. */
  configuration: Record<string, unknown>;
  /** Changes the claims of the id token; undefined: they stay. */
  claims: ((claims: JWTPayload) => JWTPayload) | undefined;
  /** Signs changed claims with a key that is not the EHR's. */
  signsByAnother: boolean;
}

/** Where the authorization server is reached as well, as SMART's launcher has it. */
export const AUTH_FOLDER = '/v/r4/auth';

/** An EHR: oidc-provider as its authorization server, and a FHIR server over a chart. */
export interface SmartEhr {
  readonly iss: string;
  /** Address of its authorization server. */
  readonly authUrl: string;
  readonly fhir: FhirStandIn;
  readonly behaviour: EhrBehaviour;
  /** Parameters of the last authorization request. */
  readonly lastRequest: () => Readonly<Record<string, string | undefined>>;
  /** Registers us as a client that comes back to an address of ours. */
  readonly register: (ours: string, authentication?: 'none' | 'client_secret_basic' | 'private_key_jwt') => void;
  readonly stop: () => Promise<void>;
}

async function listen(listener: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function createProvider(issuer: string, ours: string, authentication: string, behaviour: EhrBehaviour): Provider {
  const rights = ['r', 'rs', 'c', 'cr', 'cu', 'cru', 'crs', 'crus'];
  const resources = [...TYPES, ...FURTHER, ...WRITTEN].flatMap((type) => [
    ...rights.map((one) => `patient/${type}.${one}`),
    `patient/${type}.read`,
    `patient/${type}.write`,
  ]);
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT_ID,
        redirect_uris: [`${ours}/callback`],
        response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: authentication,
        ...(authentication === 'client_secret_basic' ? { client_secret: CLIENT_SECRET } : {}),
        ...(authentication === 'private_key_jwt'
          ? { jwks_uri: `${ours}/.well-known/jwks.json`, token_endpoint_auth_signing_alg: 'ES384' }
          : {}),
      },
    ],
    scopes: [...SCOPES, ...resources],
    issueRefreshToken: async (_context: unknown, _client: unknown, code: { scopes: ReadonlySet<string> }) =>
      code.scopes.has('online_access'),
    claims: { fhirUser: ['fhirUser'], openid: ['sub'] },
    conformIdTokenClaims: false,
    jwks: { keys: [jwk] },
    extraParams: ['aud', 'launch'],
    pkce: { required: () => true },
    enabledJWA: { clientAuthSigningAlgValues: ['ES384', 'RS384'] },
    clientAuthMethods: ['none', 'client_secret_basic', 'private_key_jwt'],
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_context: unknown, accountId: string) => ({
      accountId,
      claims: async () => ({
        sub: accountId,
        ...(behaviour.fhirUser === undefined ? {} : { fhirUser: behaviour.fhirUser }),
      }),
    }),
    cookies: { keys: ['of the test'] },
    // Its own is for addresses outside alone.
    fetch: (address: string, { headers }: RequestInit) => fetch(address, headers ? { headers } : {}),
    ttl: { AccessToken: 3600, AuthorizationCode: 60, Grant: 3600, IdToken: 3600, Interaction: 600, Session: 3600 },
  });
  provider.use(async (context, next) => {
    await next();
    if (context.oidc?.route !== 'token' || !context.body?.['access_token']) return;
    Object.assign(context.body, behaviour.context);
    if (behaviour.granted !== undefined) context.body['scope'] = behaviour.granted;
    const { id_token: idToken } = context.body;
    if (behaviour.claims && typeof idToken === 'string') {
      const claims = behaviour.claims(decodeJwt(idToken));
      const header = { alg: 'RS256', kid: 'ehr' };
      context.body['id_token'] = await new SignJWT(claims)
        .setProtectedHeader(header)
        .sign(behaviour.signsByAnother ? foreign.privateKey : keys.privateKey);
    }
  });
  return provider;
}

/** @param chart what its FHIR server holds */
export async function startSmartEhr(chart: readonly Resource[], patientId: string): Promise<SmartEhr> {
  const behaviour: EhrBehaviour = {
    context: { patient: patientId, need_patient_banner: true },
    fhirUser: undefined,
    authorizationError: undefined,
    tokenError: undefined,
    granted: undefined,
    configuration: {},
    claims: undefined,
    signsByAnother: false,
  };
  const fhir = new FhirStandIn(chart);
  let provider: Provider | undefined;
  let callback: RequestListener | undefined;
  let last: Readonly<Record<string, string | undefined>> = {};

  /** Signs in and consents at once, or refuses. */
  const interact = async (request: IncomingMessage, response: ServerResponse, of: Provider): Promise<void> => {
    const { prompt, params, session } = await of.interactionDetails(request, response);
    last = params;
    if (behaviour.authorizationError !== undefined) {
      await of.interactionFinished(request, response, { error: behaviour.authorizationError });
      return;
    }
    if (prompt.name === 'login') {
      await of.interactionFinished(request, response, { login: { accountId: 'a-user' } });
      return;
    }
    const grant = new of.Grant({ accountId: session?.accountId ?? '', clientId: CLIENT_ID });
    grant.addOIDCScope(params['scope'] ?? '');
    await of.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
  };
  const auth = await listen((request, response) => {
    const path = (request.url ?? '/').replace(AUTH_FOLDER, '');
    request.url = path;
    if (!provider || !callback) {
      response.writeHead(503).end();
    } else if (path.startsWith('/interaction/')) {
      void interact(request, response, provider);
    } else if (path.startsWith('/token') && behaviour.tokenError) {
      const { status, error } = behaviour.tokenError;
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ error }));
    } else callback(request, response);
  });

  const resource = await listen((request, response) => {
    void (async () => {
      const place = (request.url ?? '/').slice('/fhir'.length);
      if (place === '/.well-known/smart-configuration') {
        send(response, 200, {
          issuer: auth.url,
          authorization_endpoint: `${auth.url}/auth`,
          token_endpoint: `${auth.url}/token`,
          jwks_uri: `${auth.url}/jwks`,
          capabilities: ['launch-ehr', 'permission-v2', 'context-ehr-patient'],
          code_challenge_methods_supported: ['S256'],
          ...behaviour.configuration,
        });
        return;
      }
      const [, token = ''] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
      const known = token === '' ? undefined : await provider?.AccessToken.find(token);
      if (place !== '/metadata' && !known) send(response, 401, outcome('login'));
      else await fhir.handle(request, response, place);
    })();
  });
  const stopServer = (server: Server): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return {
    iss: `${resource.url}/fhir`,
    authUrl: auth.url,
    fhir,
    behaviour,
    lastRequest: () => last,
    register: (ours, authentication = 'none') => {
      provider = createProvider(auth.url, ours, authentication, behaviour);
      callback = provider.callback();
    },
    stop: async () => {
      await Promise.all([stopServer(auth.server), stopServer(resource.server)]);
    },
  };
}
