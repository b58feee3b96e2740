import { createPrivateKey, createPublicKey, hash, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import { isSafeAddress } from '../upstream/is-local-host.js';
import { ConfigError } from './error.js';
import { isEveryAddress } from './host-names.js';
import { readSecretFile } from './secret.js';
import type { Settings } from './settings.js';

/** Types that a launch reads where the site's configuration asks for them. */
export type OptionalType = 'AllergyIntolerance' | 'ServiceRequest' | 'ImmunizationRecommendation' | 'Observation';

/** Resource types that may document a handover in a chart, the preferred ones first. */
const WRITE_BACK_TYPES = ['DocumentReference', 'Communication', 'Procedure'] as const;
export type WriteBackType = (typeof WRITE_BACK_TYPES)[number];

/** Our authentication to an EHR's token endpoint (SMART App Launch 2.2, client authentication). */
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

/** An EHR that may launch us. */
export interface Ehr {
  /** Base address of its FHIR server, without a slash at its end. */
  readonly iss: string;
  /** All addresses of the same hospital's server, this one first; undefined: this one alone. */
  readonly addresses: readonly string[] | undefined;
  /** As pages name it; its host where the file has no name. */
  readonly name: string;
  readonly clientId: string;
  readonly authentication: ClientAuthentication;
  /** Spelling of scopes; undefined: by the server's capabilities. */
  readonly scopeVersion: 1 | 2 | undefined;
  readonly optionalTypes: readonly OptionalType[];
  /** Types that may document a handover in the chart; empty: nothing is written. */
  readonly writeBack: readonly WriteBackType[];
  /** Whether the site fixes the choice; else it is negotiated. */
  readonly isWriteBackFixed: boolean;
  /** Whether articles that are marked as sensitive are written to the chart too. */
  readonly writesSensitive: boolean;
  /** Whether a user about whom the EHR reports nothing counts as a clinician; otherwise such a launch fails. */
  readonly assumesClinician: boolean;
}

/** An EHR as the file has it, with the schema's defaults (resources/schemas/ehrs.json). */
interface EhrEntry {
  readonly iss: string;
  readonly name?: string;
  readonly hospital?: string;
  readonly clientId: string;
  readonly authentication: ClientAuthentication['method'];
  readonly keyFile?: string;
  readonly publishedKeyFiles: readonly string[];
  readonly secretFile?: string;
  readonly scopeVersion?: 1 | 2;
  readonly read: readonly OptionalType[];
  readonly writeBack: 'auto' | 'none' | readonly WriteBackType[];
  readonly writesSensitive: boolean;
  readonly assumesClinician: boolean;
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
  const text = readSecretFile(`EHRS_FILE: ${name}`, file);
  try {
    return read(text);
  } catch {
    throw new ConfigError(
      `EHRS_FILE: ${name} must hold a ${kind} key (PEM or JWK): EC P-384, or RSA of ${SMALLEST_RSA_BITS} bits`,
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

function readAuthentication(entry: EhrEntry, place: string, folder: string): ClientAuthentication {
  const { authentication: method, keyFile, publishedKeyFiles, secretFile } = entry;
  const need = (name: 'keyFile' | 'secretFile', file: string | undefined): string => {
    if (file === undefined) throw new ConfigError(`EHRS_FILE: ${place} must have ${name}, for ${method}`);
    return resolve(folder, file);
  };
  if (method === 'private_key_jwt') {
    const published = publishedKeyFiles.map((file) => resolve(folder, file));
    return readKeys(place, need('keyFile', keyFile), published);
  }
  if (method === 'none') return { method };
  return { method, secret: readSecretFile(`EHRS_FILE: ${place}.secretFile`, need('secretFile', secretFile)) };
}

const isSafe = (address: string): boolean => /^https?:\/\/[^?#@\s]+$/i.test(address) && isSafeAddress(address);

function readWriteBack({ writeBack }: EhrEntry): readonly WriteBackType[] {
  if (writeBack === 'none') return [];
  return writeBack === 'auto' ? WRITE_BACK_TYPES : writeBack;
}

const dropSlash = (address: string): string => address.replace(/(?<!\/)\/+$/, '');

/** Lists the addresses of an entry's hospital, its own first; undefined if the file names no hospital. */
const readAddresses = ({ iss, hospital }: EhrEntry, all: readonly EhrEntry[]): string[] | undefined =>
  hospital === undefined
    ? undefined
    : [...new Set([iss, ...all.flatMap((one) => (one.hospital === hospital ? one.iss : []))].map(dropSlash))];

/** Lists the addresses at which the server of an EHR is reached: patients and entries are the same at each of them. */
export const listAddresses = ({ iss, addresses = [iss] }: Pick<Ehr, 'iss' | 'addresses'>): readonly string[] =>
  addresses;

function toEhr(entry: EhrEntry, at: number, all: readonly EhrEntry[], folder: string): Ehr {
  const place = `ehrs[${at}]`;
  const { iss, name, clientId, scopeVersion, read, writesSensitive, assumesClinician } = entry;
  if (!isSafe(iss)) throw new ConfigError(`EHRS_FILE: ${place}.iss must be https, or in the house, without query`);
  return {
    iss: dropSlash(iss),
    addresses: readAddresses(entry, all),
    name: name ?? new URL(iss).host,
    clientId,
    authentication: readAuthentication(entry, place, folder),
    scopeVersion,
    optionalTypes: read,
    writeBack: readWriteBack(entry),
    isWriteBackFixed: Array.isArray(entry.writeBack),
    writesSensitive,
    assumesClinician,
  };
}

function readEntries(text: string, resourcesDir: string): readonly EhrEntry[] {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw new ConfigError('EHRS_FILE must be JSON');
  }
  const ajv = addFormats.default(new Ajv({ useDefaults: true, strict: false }));
  const schema = JSON.parse(readFileSync(`${resourcesDir}/schemas/ehrs.json`, 'utf8')) as object;
  const validate = ajv.compile<{ readonly ehrs: readonly EhrEntry[] }>(schema);
  if (validate(file)) return file.ehrs;
  const { instancePath = '', message = 'is wrong' }: Partial<ErrorObject> = validate.errors?.[0] ?? {};
  throw new ConfigError(`EHRS_FILE: ${instancePath === '' ? 'the file' : instancePath.slice(1)} ${message}`);
}

/**
 * Reads the EHRs that may launch us; empty where none is configured.
 * @param resourcesDir folder of the schema
 * @throws ConfigError
 */
export function readEhrs({ EHRS_FILE: file, HOST, PUBLIC_URL }: Settings, resourcesDir: string): readonly Ehr[] {
  if (file === undefined) return [];
  // The EHR sends users back to one registered address.
  if (PUBLIC_URL === undefined && isEveryAddress(HOST)) {
    throw new ConfigError('EHRS_FILE must go with PUBLIC_URL, or with a HOST that is one address');
  }
  const ehrs = readEntries(readSecretFile('EHRS_FILE', file), resourcesDir).map((entry, at, all) =>
    toEhr(entry, at, all, dirname(resolve(file))),
  );
  if (new Set(ehrs.map(({ iss }) => iss)).size < ehrs.length)
    throw new ConfigError('EHRS_FILE must not name an iss twice');
  return ehrs;
}
