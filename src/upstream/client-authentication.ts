import * as oauth from 'oauth4webapi';
import type { Ehr } from '../config/ehrs.js';

/** How we authenticate, as oauth4webapi takes it. */
export async function authenticate(
  { clientId, authentication }: Pick<Ehr, 'clientId' | 'authentication'>,
  tokenEndpoint: string,
): Promise<oauth.ClientAuth> {
  if (authentication.method === 'none') return oauth.None();
  if (authentication.method === 'client_secret_basic') return oauth.ClientSecretBasic(authentication.secret);
  const { key, keyId, algorithm } = authentication;
  const how =
    algorithm === 'ES384' ? { name: 'ECDSA', namedCurve: 'P-384' } : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' };
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' });
  const signing = await globalThis.crypto.subtle.importKey('pkcs8', pkcs8, how, false, ['sign']);
  return oauth.PrivateKeyJwt(
    { key: signing, kid: keyId },
    {
      // SMART App Launch 2.2, client-confidential-asymmetric: for the token endpoint, issued by the client to itself.
      [oauth.modifyAssertion]: (header, payload) => {
        Object.assign(header, { typ: 'JWT' });
        Object.assign(payload, { aud: tokenEndpoint, iss: clientId, sub: clientId });
      },
    },
  );
}
