import { createPrivateKey, createPublicKey, hash, type KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { ConfigError } from './error.js';
import { readSecretFile } from './secret.js';
import type { JWK } from 'jose';

/** Our authentication to a token endpoint (SMART App Launch 2.2, client authentication). */
export type ClientAuthentication =
  | { readonly method: 'none' }
  | { readonly method: 'client_secret_basic'; readonly secret: string }
  | {
      readonly method: 'private_key_jwt';
      readonly key: KeyObject;
      readonly keyId: string;
      readonly algorithm: KeyAlgorithm;
      /** Keys of our key set: this one, and those that come after it or came before. */
      readonly published: readonly PublicKey[];
    };

export type KeyAlgorithm = 'ES384' | 'RS384';

/** A public key with its id. */
export interface PublicKey {
  readonly key: KeyObject;
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
}

/** How we authenticate, as a file has it. */
export interface AuthenticationEntry {
  readonly authentication: ClientAuthentication['method'];
  readonly keyFile?: string;
  readonly publishedKeyFiles: readonly string[];
  readonly secretFile?: string;
}

const SMALLEST_RSA_BITS = 2048;

function findAlgorithm(key: KeyObject): KeyAlgorithm | undefined {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'secp384r1') return 'ES384';
  return key.asymmetricKeyType === 'rsa' && modulusLength >= SMALLEST_RSA_BITS ? 'RS384' : undefined;
}

/** The thumbprint of a public key (RFC 7638), as its id. */
function buildKeyId(key: KeyObject): string {
  const { crv, e, kty, n, x, y } = key.export({ format: 'jwk' });
  return hash('sha256', JSON.stringify(kty === 'EC' ? { crv, kty, x, y } : { e, kty, n }), 'base64url');
}

/** Reads a key of a file with `read`. @throws ConfigError, which repeats nothing of it */
function readKey<Key>(name: string, kind: 'private' | 'public', file: string, read: (text: string) => Key): Key {
  const text = readSecretFile(name, file);
  try {
    return read(text);
  } catch {
    throw new ConfigError(
      `${name} must hold a ${kind} key (PEM or JWK): EC P-384, or RSA of ${SMALLEST_RSA_BITS} bits`,
    );
  }
}

const isJwk = (text: string): boolean => text.startsWith('{');
const readJwk = (text: string) => ({ key: JSON.parse(text) as Record<string, string>, format: 'jwk' }) as const;

/** Reads the public half of a key, private or public. */
function readPublicKey(text: string): PublicKey {
  const key = isJwk(text) ? createPublicKey(readJwk(text)) : createPublicKey(text);
  const algorithm = findAlgorithm(key);
  if (!algorithm) throw new Error('a key of another kind');
  return { key, keyId: buildKeyId(key), algorithm };
}

function readKeys(place: string, file: string, published: readonly string[]): ClientAuthentication {
  const own = readKey(`${place}.keyFile`, 'private', file, (text) => ({
    key: isJwk(text) ? createPrivateKey(readJwk(text)) : createPrivateKey(text),
    signing: readPublicKey(text),
  }));
  const { keyId, algorithm } = own.signing;
  const readOther = (one: string, at: number): PublicKey =>
    readKey(`${place}.publishedKeyFiles[${at}]`, 'public', one, readPublicKey);
  const others = published.map(readOther);
  return { method: 'private_key_jwt', key: own.key, keyId, algorithm, published: [own.signing, ...others] };
}

/**
 * Reads how we authenticate, and its files.
 * @param place of the entry, with the setting's name
 * @param folder which its files are named from
 * @throws ConfigError, which repeats nothing of a secret
 */
export function readAuthentication(entry: AuthenticationEntry, place: string, folder: string): ClientAuthentication {
  const { authentication: method, keyFile, publishedKeyFiles, secretFile } = entry;
  const need = (name: 'keyFile' | 'secretFile', file: string | undefined): string => {
    if (file === undefined) throw new ConfigError(`${place} must have ${name}, for ${method}`);
    return resolve(folder, file);
  };
  if (method === 'private_key_jwt') {
    const published = publishedKeyFiles.map((file) => resolve(folder, file));
    return readKeys(place, need('keyFile', keyFile), published);
  }
  if (method === 'none') return { method };
  return { method, secret: readSecretFile(`${place}.secretFile`, need('secretFile', secretFile)) };
}

/** Lists our public keys as a JSON Web Key Set (RFC 7517), each once: `/.well-known/jwks.json`. */
export function listPublicKeys(clients: readonly { readonly authentication: ClientAuthentication }[]): { keys: JWK[] } {
  const keys = new Map<string, JWK>();
  for (const { authentication } of clients) {
    if (authentication.method !== 'private_key_jwt') continue;
    for (const { key, keyId: kid, algorithm: alg } of authentication.published) {
      keys.set(kid, { ...(key.export({ format: 'jwk' }) as JWK), kid, alg, use: 'sig', key_ops: ['verify'] });
    }
  }
  return { keys: [...keys.values()] };
}
