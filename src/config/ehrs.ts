import { dirname, resolve } from 'node:path';
import { isSafeAddress } from '../upstream/is-local-host.js';
import { ConfigError } from './error.js';
import { isEveryAddress } from './host-names.js';
import { readAuthentication, type AuthenticationEntry, type ClientAuthentication } from './client-authentication.js';
import { readJsonSetting } from './setting-file.js';
import type { Settings } from './settings.js';

/** Types that a launch reads where the site's configuration asks for them. */
export type OptionalType = 'AllergyIntolerance' | 'ServiceRequest' | 'ImmunizationRecommendation' | 'Observation';

/** Resource types that may document a handover in a chart, the preferred ones first. */
const WRITE_BACK_TYPES = ['DocumentReference', 'Communication', 'Procedure'] as const;
export type WriteBackType = (typeof WRITE_BACK_TYPES)[number];

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
interface EhrEntry extends AuthenticationEntry {
  readonly iss: string;
  readonly name?: string;
  readonly hospital?: string;
  readonly clientId: string;
  readonly scopeVersion?: 1 | 2;
  readonly read: readonly OptionalType[];
  readonly writeBack: 'auto' | 'none' | readonly WriteBackType[];
  readonly writesSensitive: boolean;
  readonly assumesClinician: boolean;
}

/** Whether an address of another server is https, or in the house, without query and user. */
export const isServerAddress = (address: string): boolean =>
  /^https?:\/\/[^?#@\s]+$/i.test(address) && isSafeAddress(address);

function readWriteBack({ writeBack }: EhrEntry): readonly WriteBackType[] {
  if (writeBack === 'none') return [];
  return writeBack === 'auto' ? WRITE_BACK_TYPES : writeBack;
}

export const dropSlash = (address: string): string => address.replace(/(?<!\/)\/+$/, '');

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
  if (!isServerAddress(iss))
    throw new ConfigError(`EHRS_FILE: ${place}.iss must be https, or in the house, without query`);
  return {
    iss: dropSlash(iss),
    addresses: readAddresses(entry, all),
    name: name ?? new URL(iss).host,
    clientId,
    authentication: readAuthentication(entry, `EHRS_FILE: ${place}`, folder),
    scopeVersion,
    optionalTypes: read,
    writeBack: readWriteBack(entry),
    isWriteBackFixed: Array.isArray(entry.writeBack),
    writesSensitive,
    assumesClinician,
  };
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
  const { ehrs: entries } = readJsonSetting<{ readonly ehrs: readonly EhrEntry[] }>(
    'EHRS_FILE',
    file,
    `${resourcesDir}/schemas/ehrs.json`,
  );
  const ehrs = entries.map((entry, at, all) => toEhr(entry, at, all, dirname(resolve(file))));
  if (new Set(ehrs.map(({ iss }) => iss)).size < ehrs.length)
    throw new ConfigError('EHRS_FILE must not name an iss twice');
  return ehrs;
}
