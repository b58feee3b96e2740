import { hash, randomUUID } from 'node:crypto';
import express, { type Request, type Response, type Router } from 'express';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { CLINICIAN } from './chart-store.js';

export const CLIENT_ID = 'education-connect';

/** Context of a launch from the EHR (SMART App Launch 2.2). */
export interface LaunchContext {
  readonly patientId: string;
  readonly encounterId: string | undefined;
  /** `appContext` of the card whose link launches. */
  readonly appContext: string | undefined;
}

/** A code that has been issued, with the request that it answers. */
interface IssuedCode {
  readonly context: LaunchContext;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly scope: string;
  readonly nonce: string | undefined;
}

/** Addresses of the demo. */
export interface DemoAddresses {
  /** Address of our server, without a slash at its end. */
  readonly ours: string;
  /** Base address of the EHR's FHIR server. */
  readonly iss: string;
  /** Base address of the EHR's authorization server. */
  readonly oauth: string;
}

const CODE_MS = 60_000;
const TOKEN_SECONDS = 3600;
const MOST_PENDING = 100;

const readText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * The authorization server of the demo's EHR (OAuth 2.0 code flow with PKCE, RFC 6749 and 7636): it knows one public client, our
 * server, and one user, who is signed in.
 */
export class Authorization {
  readonly #addresses: DemoAddresses;
  readonly #key: CryptoKey;
  readonly #publicKey: object;
  readonly #launches = new LRUCache<string, LaunchContext>({ max: MOST_PENDING });
  readonly #codes = new LRUCache<string, IssuedCode>({ max: MOST_PENDING, ttl: CODE_MS });
  readonly #tokens = new LRUCache<string, LaunchContext>({ max: MOST_PENDING, ttl: TOKEN_SECONDS * 1000 });
  readonly router: Router = express.Router();

  private constructor(addresses: DemoAddresses, key: CryptoKey, publicKey: object) {
    this.#addresses = addresses;
    this.#key = key;
    this.#publicKey = publicKey;
    this.router.get('/authorize', this.#authorize);
    this.router.post('/token', express.urlencoded({ extended: false, limit: '20kb' }), this.#exchange);
    this.router.get('/jwks', (_request, response) => void response.json({ keys: [this.#publicKey] }));
  }

  static async create(addresses: DemoAddresses): Promise<Authorization> {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const published = { ...(await exportJWK(publicKey)), kid: 'demo', alg: 'ES256', use: 'sig' };
    return new Authorization(addresses, privateKey, published);
  }

  /** The SMART configuration, at `{iss}/.well-known/smart-configuration`. */
  describe(): object {
    const { iss, oauth } = this.#addresses;
    return {
      issuer: iss,
      authorization_endpoint: `${oauth}/authorize`,
      token_endpoint: `${oauth}/token`,
      jwks_uri: `${oauth}/jwks`,
      grant_types_supported: ['authorization_code'],
      code_challenge_methods_supported: ['S256'],
      capabilities: ['launch-ehr', 'client-public', 'sso-openid-connect', 'context-ehr-patient', 'permission-v2'],
    };
  }

  /** Begins a launch. @returns the address of our server that the browser opens */
  beginLaunch(context: LaunchContext): string {
    const { ours, iss } = this.#addresses;
    const launch = randomUUID();
    this.#launches.set(launch, context);
    return `${ours}/launch?${new URLSearchParams({ iss, launch }).toString()}`;
  }

  /** Finds the launch that a request's token was issued for; undefined if it has none. */
  findLaunch({ headers }: Request): LaunchContext | undefined {
    const [, token = ''] = /^Bearer (\S{1,100})$/.exec(headers.authorization ?? '') ?? [];
    return this.#tokens.get(token);
  }

  readonly #authorize = ({ query }: Request, response: Response): void => {
    const { ours, iss } = this.#addresses;
    const sent = (name: string): string => readText(query[name]) ?? '';
    const redirectUri = `${ours}/callback`;
    if (sent('client_id') !== CLIENT_ID || sent('redirect_uri') !== redirectUri) {
      response.status(400).type('text/plain').send('The client or its redirect address is not registered.');
      return;
    }
    const answer = new URL(redirectUri);
    answer.searchParams.set('state', sent('state'));
    const context = this.#launches.get(sent('launch'));
    const isFit =
      sent('response_type') === 'code' &&
      sent('code_challenge_method') === 'S256' &&
      sent('code_challenge') !== '' &&
      sent('aud') === iss;
    if (context && isFit) {
      const code = randomUUID();
      this.#launches.delete(sent('launch'));
      this.#codes.set(code, {
        ...{ context, redirectUri, challenge: sent('code_challenge'), scope: sent('scope') },
        nonce: readText(query['nonce']),
      });
      answer.searchParams.set('code', code);
    } else answer.searchParams.set('error', 'invalid_request');
    // RFC 9207.
    answer.searchParams.set('iss', iss);
    response.redirect(303, answer.href);
  };

  readonly #exchange = async ({ body }: Request, response: Response): Promise<void> => {
    const sent = (body ?? {}) as Readonly<Record<string, unknown>>;
    const code = readText(sent['code']) ?? '';
    const issued = this.#codes.get(code);
    this.#codes.delete(code);
    const verifier = readText(sent['code_verifier']) ?? '';
    response.set('Cache-Control', 'no-store');
    const isValid =
      sent['grant_type'] === 'authorization_code' &&
      sent['client_id'] === CLIENT_ID &&
      sent['redirect_uri'] === issued?.redirectUri &&
      hash('sha256', verifier, 'base64url') === issued?.challenge;
    if (!issued || !isValid) {
      response.status(400).json({ error: 'invalid_grant' });
      return;
    }
    response.json(await this.#issueToken(issued));
  };

  async #issueToken({ context, scope, nonce }: IssuedCode): Promise<object> {
    const { iss } = this.#addresses;
    const token = randomUUID();
    this.#tokens.set(token, context);
    const idToken = await new SignJWT({ fhirUser: `${iss}/${CLINICIAN}`, ...(nonce === undefined ? {} : { nonce }) })
      .setProtectedHeader({ alg: 'ES256', kid: 'demo' })
      .setIssuer(iss)
      .setAudience(CLIENT_ID)
      .setSubject(CLINICIAN)
      .setIssuedAt()
      .setExpirationTime('5 minutes')
      .sign(this.#key);
    const { patientId: patient, encounterId: encounter, appContext } = context;
    return {
      ...{ access_token: token, token_type: 'Bearer', expires_in: TOKEN_SECONDS, scope, id_token: idToken },
      ...{ patient, encounter, appContext, need_patient_banner: true },
    };
  }
}
