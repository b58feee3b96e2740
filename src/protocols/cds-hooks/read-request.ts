import { readDataFile, toWordSet } from '../../core/read-data-file.js';
import { asObject, asText, asWholeText, type JsonObject } from '../json-object.js';
import { refuseRequest } from './read-body.js';

const textOrNothing = (value: unknown): string | undefined => asText(value).trim() || undefined;

const { dischargeTriggers } = readDataFile('charts/cds-services.yaml') as { readonly dischargeTriggers: string };
const DISCHARGES = toWordSet(dischargeTriggers);

/** Epic's number of the action that has fired the hook. */
const TRIGGER = 'com.epic.cdshooks.request.bpa-trigger-action';

/** True if a call is for a discharge: by its hook, or by the action that Epic names. */
export function isOfDischarge({ hook, extension }: JsonObject): boolean {
  if (hook === 'encounter-discharge') return true;
  const trigger = asObject(extension)?.[TRIGGER];
  const action = typeof trigger === 'number' ? String(trigger) : asText(trigger).trim();
  return hook === 'patient-view' && DISCHARGES.has(action);
}

/** Checks that the token is of the patient of the context. @throws RequestError `bad-hook-request` */
function checkTokenPatient({ fhirAuthorization }: JsonObject, patientId: string): void {
  const patient = asText(asObject(fhirAuthorization)?.patient)
    .trim()
    .replace(/^Patient\//, '');
  if (patient === '' || patient === patientId) return;
  throw refuseRequest('fhirAuthorization.patient is another patient than context.patientId');
}

/** Reads a call of a service, checked by `read-body.ts`. @throws RequestError `bad-hook-request` */
export function readHookRequest(body: JsonObject) {
  const context = asObject(body.context) ?? {};
  checkTokenPatient(body, asText(context.patientId));
  return {
    isOfDischarge: isOfDischarge(body),
    /** As the client sent it. */
    fhirServer: textOrNothing(body.fhirServer),
    accessToken: asWholeText(asObject(body.fhirAuthorization)?.access_token).trim() || undefined,
    /** Granted scopes of the token. */
    scopes: asText(asObject(body.fhirAuthorization)?.scope)
      .split(' ')
      .filter((scope) => scope !== ''),
    /** `Practitioner/123`; a patient or a related person at a portal. */
    userId: asText(context.userId),
    patientId: asText(context.patientId),
    encounterId: textOrNothing(context.encounterId),
    context,
    prefetch: asObject(body.prefetch) ?? {},
  };
}

export type HookRequest = Readonly<ReturnType<typeof readHookRequest>>;
