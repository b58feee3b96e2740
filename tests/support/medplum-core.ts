// It expects a browser's global, which Node 20 lacks; nothing here opens one.
if (!('WebSocket' in globalThis)) Object.assign(globalThis, { WebSocket: EventTarget });

/** `@medplum/core`, to be had from here alone. */
export const { MedplumClient, buildCdsRequest, evalFhirPath, evalFhirPathTyped, parseFhirPath } =
  await import('@medplum/core');
