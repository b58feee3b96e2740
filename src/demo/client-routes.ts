import express, { type Router } from 'express';
import { API_CALLS, buildApiCall } from './api-calls.js';
import { callServer } from './call-server.js';
import { PATIENT_IDS } from './chart-store.js';
import type { EhrParts } from './ehr-parts.js';
import { renderClient } from './pages/other-pages.js';

/** Creates the route of the page on which a FHIR client's calls are made. */
export function clientRoutes(parts: EhrParts): Router {
  const { addresses, store, state, createView, findPatient } = parts;
  const router = express.Router();
  router.get('/', async (request, response) => {
    const { patient: sent = PATIENT_IDS[0], call } = request.query;
    const patient = findPatient(typeof sent === 'string' ? sent : '');
    const name = API_CALLS.find((one) => one === call);
    const made = name && { name, exchange: await callServer(addresses.ours, buildApiCall(name, store, patient)) };
    if (made) state.markDone('client');
    response.send(renderClient(patient, made, createView(request)));
  });
  return router;
}
