import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { SignJWT, decodeJwt, exportJWK, generateKeyPair, type JWTPayload } from 'jose';
import Provider from 'oidc-provider';

export const CLIENT_ID = 'education-connect';
export const CLIENT_SECRET = 'a-secret-of-forty-characters-for-the-test';

/** How the provider behaves from now on. */
export interface ProviderBehaviour {
  account: string;
  /** Claims of the person beside `sub`. */
  claims: Record<string, unknown>;
  /** Whether the groups come with the user information alone. */
  hidesGroups: boolean;
  refusal: string | undefined;
  /** Changes the claims of the id token, which is then signed with `signedBy`. */
  change: ((claims: JWTPayload) => JWTPayload) | undefined;
  signedBy: 'own' | 'another';
  /** Answers nothing but errors. */
  isAway: boolean;
}

/** An OpenID provider as Keycloak is one: `groups` in the id token, one client. */
export interface StaffProvider {
  readonly issuer: string;
  readonly behaviour: ProviderBehaviour;
  register: (ours: string) => Promise<void>;
  /** Signs with another key from now on. */
  rollKeys: () => Promise<void>;
  stop: () => Promise<void>;
}

const makeKey = async (kid: string) => {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' } };
};

export async function startProvider(): Promise<StaffProvider> {
  const usual = { account: 'subject-of-ana', claims: {}, hidesGroups: false, refusal: undefined, change: undefined };
  const behaviour: ProviderBehaviour = { ...usual, signedBy: 'own', isAway: false };
  let [key, count] = [await makeKey('key-0'), 0];
  const another = await makeKey('key-0');
  let provider: Provider | undefined;
  let callback: RequestListener | undefined;
  let registered = '';

  const interact = async (request: IncomingMessage, response: ServerResponse, of: Provider): Promise<void> => {
    const { prompt, params, session } = await of.interactionDetails(request, response);
    if (behaviour.refusal !== undefined) {
      await of.interactionFinished(request, response, { error: behaviour.refusal });
    } else if (prompt.name === 'login') {
      await of.interactionFinished(request, response, { login: { accountId: behaviour.account } });
    } else {
      const grant = new of.Grant({ accountId: session?.accountId ?? '', clientId: CLIENT_ID });
      grant.addOIDCScope(params['scope'] ?? '');
      await of.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
    }
  };
  const server = createServer((request, response) => {
    if (!provider || !callback || behaviour.isAway) response.writeHead(503).end();
    else if (request.url?.startsWith('/interaction/') === true) void interact(request, response, provider);
    else callback(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const create = (): void => {
    // It warns that it keeps nothing, which is what a test wants.
    jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    provider = new Provider(issuer, {
      clients: [
        {
          client_id: CLIENT_ID,
          client_secret: CLIENT_SECRET,
          redirect_uris: [`${registered}/sign-in/callback`],
          post_logout_redirect_uris: [`${registered}/`],
        },
      ],
      scopes: ['openid', 'profile'],
      claims: { openid: ['sub'], profile: ['preferred_username', 'groups', 'realm_access'] },
      conformIdTokenClaims: false,
      jwks: { keys: [key.jwk] },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false }, userinfo: { enabled: true } },
      interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      findAccount: (_context: unknown, accountId: string) => ({
        accountId,
        claims: async (use: string) => ({
          sub: accountId,
          ...(behaviour.hidesGroups && use === 'id_token' ? {} : behaviour.claims),
        }),
      }),
      cookies: { keys: ['of the test'] },
      ttl: { AccessToken: 3600, AuthorizationCode: 60, Grant: 3600, IdToken: 3600, Interaction: 600, Session: 3600 },
    });
    provider.use(async (context, next) => {
      await next();
      const { id_token: idToken } = context.body ?? {};
      if (context.oidc?.route !== 'token' || !context.body || typeof idToken !== 'string' || !behaviour.change) return;
      const { privateKey, jwk } = behaviour.signedBy === 'own' ? key : another;
      context.body['id_token'] = await new SignJWT(behaviour.change(decodeJwt(idToken)))
        .setProtectedHeader({ alg: 'RS256', kid: jwk.kid })
        .sign(privateKey);
    });
    callback = provider.callback();
  };
  return {
    issuer,
    behaviour,
    register: async (ours) => {
      registered = ours;
      create();
    },
    rollKeys: async () => {
      count += 1;
      key = await makeKey(`key-${count}`);
      create();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
