import type { JWK } from 'jose';
import type { Ehr } from '../../config/ehrs.js';

/** Lists our public keys as a JSON Web Key Set (RFC 7517), each once: `/.well-known/jwks.json`. */
export function listPublicKeys(ehrs: readonly Ehr[]): { keys: JWK[] } {
  const keys = new Map<string, JWK>();
  for (const { authentication } of ehrs) {
    if (authentication.method !== 'private_key_jwt') continue;
    for (const { key, keyId: kid, algorithm: alg } of authentication.published) {
      keys.set(kid, { ...(key.export({ format: 'jwk' }) as JWK), kid, alg, use: 'sig', key_ops: ['verify'] });
    }
  }
  return { keys: [...keys.values()] };
}
