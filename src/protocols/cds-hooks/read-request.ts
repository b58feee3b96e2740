import { asObject, asText, asWholeText, type JsonObject } from '../json-object.js';

const textOrNothing = (value: unknown): string | undefined => asText(value).trim() || undefined;

/** Reads a call of a service, checked by `read-body.ts`. */
export function readHookRequest(body: JsonObject) {
  const context = asObject(body.context) ?? {};
  return {
    /** As the client sent it. */
    fhirServer: textOrNothing(body.fhirServer),
    accessToken: asWholeText(asObject(body.fhirAuthorization)?.access_token).trim() || undefined,
    /** `Practitioner/123`; a patient or a related person at a portal. */
    userId: asText(context.userId),
    patientId: asText(context.patientId),
    encounterId: textOrNothing(context.encounterId),
    context,
    prefetch: asObject(body.prefetch) ?? {},
  };
}

export type HookRequest = Readonly<ReturnType<typeof readHookRequest>>;
