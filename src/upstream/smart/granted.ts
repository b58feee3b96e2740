import * as oauth from 'oauth4webapi';
import { listAddresses, type Ehr } from '../../config/ehrs.js';
import { asObjects, asText } from '../../protocols/json-object.js';
import { isForeign, normalizeBase, parseReference } from '../../protocols/literal-reference.js';
import { LaunchFailure } from '../failures.js';
import type { PendingLaunch } from './pending-launches.js';
import { listScopes } from './scopes.js';

/** Rights that the EHR granted, with the context of the launch (SMART App Launch 2.2, token response). */
export interface Granted {
  readonly accessToken: string;
  /** Undefined: the response does not say. */
  readonly expiresInSeconds: number | undefined;
  readonly scopes: readonly string[];
  readonly patientId: string;
  readonly encounterId: string | undefined;
  /** References to the places that the launch is in, by `fhirContext` and `location`. */
  readonly places: readonly string[];
  /** Whether the page must show whose chart it is. */
  readonly needsBanner: boolean;
  /**
   * The user as a reference: `Practitioner/12`, with its address where it is another server's. Undefined where no id token came, or the
   * reference is to no person.
   */
  readonly user: string | undefined;
  /** `appContext` of the card whose link launched us; undefined for any other launch. */
  readonly appContext: string | undefined;
  /** Renews the token while the user is signed in; undefined: it ends, and the page is opened from the chart again. */
  readonly refreshToken: string | undefined;
}

const listRequested = ({ ehr, scopeVersion, isStandalone, isOnline = false }: PendingLaunch): string[] =>
  listScopes(ehr, scopeVersion, isStandalone, { isOnline });

const FHIR_ID = /^[A-Za-z0-9.-]{1,64}$/;
const USER_TYPES: ReadonlySet<string> = new Set([
  'Practitioner',
  'PractitionerRole',
  'Patient',
  'RelatedPerson',
  'Person',
]);

const toText = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Reads `fhirUser`. The user of another server keeps its address: its id is another person here. */
function readUser(reference: string, ehr: Ehr): string | undefined {
  const read = parseReference(reference);
  if (!read || !USER_TYPES.has(read.type) || !FHIR_ID.test(read.id)) return undefined;
  const local = `${read.type}/${read.id}`;
  const isOwn = listAddresses(ehr).some((address) => !isForeign(read, normalizeBase(address)));
  return isOwn || read.base === undefined ? local : `${read.base}/${local}`;
}

const PLACE_TYPES: ReadonlySet<string> = new Set(['Location', 'Organization', 'HealthcareService']);
/** Resources of a launch's context, at most. */
const MOST_PLACES = 20;

/** Reads the places of a launch: references in `fhirContext` (SMART App Launch 2.2), and the id of a Location, which some EHRs send. */
function readPlaces({ fhirContext, location }: Record<string, unknown>): string[] {
  const references = asObjects(fhirContext).map(({ reference }) => parseReference(asText(reference)));
  const named = references.flatMap((read) =>
    read && PLACE_TYPES.has(read.type) && FHIR_ID.test(read.id) ? `${read.type}/${read.id}` : [],
  );
  const id = toText(location);
  return [...named, ...(id !== undefined && FHIR_ID.test(id) ? [`Location/${id}`] : [])].slice(0, MOST_PLACES);
}

/** Reads a token response. @throws LaunchFailure `no-patient`, `bad-token` */
export function readGranted(answer: oauth.TokenEndpointResponse, pending: PendingLaunch): Granted {
  const claims = oauth.getValidatedIdTokenClaims(answer);
  const patientId = toText(answer.patient);
  if (patientId === undefined) throw new LaunchFailure('no-patient');
  if (!FHIR_ID.test(patientId)) throw new LaunchFailure('bad-token', new Error('the patient of the response is no id'));
  const encounterId = toText(answer.encounter);
  return {
    accessToken: answer.access_token,
    expiresInSeconds: answer.expires_in,
    // RFC 6749, 5.1: a response without scope grants what was requested.
    scopes: answer.scope === undefined ? listRequested(pending) : answer.scope.split(/\s+/),
    patientId,
    encounterId: encounterId !== undefined && FHIR_ID.test(encounterId) ? encounterId : undefined,
    places: readPlaces(answer),
    needsBanner: answer.need_patient_banner !== false,
    user: readUser(toText(claims?.fhirUser) ?? toText(claims?.profile) ?? '', pending.ehr),
    appContext: toText(answer.appContext)?.slice(0, 100),
    refreshToken: pending.isOnline === true ? answer.refresh_token : undefined,
  };
}

/** Renews what was granted by a response to a refresh token; undefined if it is for another patient. */
export function renewGranted(granted: Granted, answer: oauth.TokenEndpointResponse): Granted | undefined {
  if (answer.patient !== undefined && answer.patient !== granted.patientId) return undefined;
  return {
    ...granted,
    accessToken: answer.access_token,
    expiresInSeconds: answer.expires_in,
    scopes: answer.scope?.split(/\s+/) ?? granted.scopes,
    refreshToken: answer.refresh_token ?? granted.refreshToken,
  };
}
