import { asObject, asText, type JsonObject } from '../json-object.js';

/** A call of a service, checked by `read-body.ts`. */
export interface HookRequest {
  /** As the client sent it. */
  readonly fhirServer: string | undefined;
  readonly accessToken: string | undefined;
  /** `Practitioner/123`; a patient or a related person at a portal. */
  readonly userId: string;
  readonly patientId: string;
  readonly encounterId: string | undefined;
  readonly context: JsonObject;
  readonly prefetch: JsonObject;
}

const textOrNothing = (value: unknown): string | undefined => asText(value).trim() || undefined;

export function readHookRequest(body: JsonObject): HookRequest {
  const context = asObject(body.context) ?? {};
  return {
    fhirServer: textOrNothing(body.fhirServer),
    accessToken: textOrNothing(asObject(body.fhirAuthorization)?.access_token),
    userId: asText(context.userId),
    patientId: asText(context.patientId),
    encounterId: textOrNothing(context.encounterId),
    context,
    prefetch: asObject(body.prefetch) ?? {},
  };
}
