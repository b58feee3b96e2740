import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { asObject, asText, type JsonObject } from '../protocols/json-object.js';
import type { Authorization, LaunchContext } from './authorization.js';
import { findPatient, toSearchset, type ChartStore } from './chart-store.js';

/** Types that are read, and those that our server may write. */
const READ_TYPES = [
  ...['Patient', 'Practitioner', 'Encounter', 'Condition', 'MedicationRequest', 'AllergyIntolerance', 'ServiceRequest'],
  ...['Observation', 'Immunization', 'ImmunizationRecommendation'],
];
const WRITTEN_TYPES = ['DocumentReference', 'Communication'];

const FHIR_JSON = 'application/fhir+json';
const LARGEST_BODY = '10mb';

/** CapabilityStatement of the EHR (R4). */
const CAPABILITY = {
  resourceType: 'CapabilityStatement',
  status: 'active',
  kind: 'instance',
  fhirVersion: '4.0.1',
  format: ['json'],
  rest: [
    {
      mode: 'server',
      resource: [...READ_TYPES, ...WRITTEN_TYPES].map((type) => ({
        type,
        interaction: [...['read', 'search-type'], ...(WRITTEN_TYPES.includes(type) ? ['create', 'update'] : [])].map(
          (code) => ({ code }),
        ),
        conditionalCreate: WRITTEN_TYPES.includes(type),
        searchParam: ['patient', 'identifier', 'status', 'category', 'type'].map((name) => ({ name, type: 'token' })),
      })),
    },
  ],
};

function sendResource(response: Response, status: number, resource: object): void {
  response.status(status).type(FHIR_JSON).send(JSON.stringify(resource));
}

function sendOutcome(response: Response, status: number, code: string): void {
  sendResource(response, status, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code }] });
}

/** The FHIR server of the demo's EHR, for the client that has launched: one patient's chart. */
class FhirApi {
  readonly #store: ChartStore;
  readonly #onWritten: () => void;

  constructor(store: ChartStore, onWritten: () => void) {
    this.#store = store;
    this.#onWritten = onWritten;
  }

  #isOpen(resource: JsonObject, { patientId }: LaunchContext): boolean {
    return resource.resourceType === 'Practitioner' || findPatient(resource) === `Patient/${patientId}`;
  }

  read(response: Response, launch: LaunchContext, name: string): void {
    const found = this.#store.read(name);
    if (found && this.#isOpen(found, launch)) sendResource(response, 200, found);
    else sendOutcome(response, 404, 'not-found');
  }

  search(response: Response, { patientId }: LaunchContext, type: string, query: URLSearchParams): void {
    sendResource(response, 200, toSearchset(this.#store.search(type, patientId, query)));
  }

  /** Creates a resource, or returns the one that `If-None-Exist` names. */
  create({ body, headers }: Request, response: Response, launch: LaunchContext, type: string): void {
    const sent = asObject(body) ?? {};
    if (!WRITTEN_TYPES.includes(type) || sent.resourceType !== type || !this.#isOpen(sent, launch)) {
      sendOutcome(response, 422, 'invalid');
      return;
    }
    const condition = headers['if-none-exist'];
    const there =
      typeof condition === 'string' ? this.#store.search(type, launch.patientId, new URLSearchParams(condition)) : [];
    const created = there[0] ?? this.#store.create(sent);
    if (!created) {
      sendOutcome(response, 507, 'too-costly');
      return;
    }
    this.#onWritten();
    response.set('Location', `${type}/${asText(created.id)}`);
    sendResource(response, there.length > 0 ? 200 : 201, created);
  }

  update(body: unknown, response: Response, launch: LaunchContext, name: string): void {
    const sent = asObject(body) ?? {};
    const found = this.#store.read(name);
    const isSame = `${asText(sent.resourceType)}/${asText(sent.id)}` === name;
    const isWritten = WRITTEN_TYPES.includes(asText(sent.resourceType));
    if (!found || !this.#isOpen(found, launch)) sendOutcome(response, 404, 'not-found');
    else if (!isSame || !isWritten || !this.#isOpen(sent, launch)) sendOutcome(response, 422, 'invalid');
    else sendResource(response, 200, this.#store.put(sent));
  }
}

/** Reads a part of a route's path. */
const readPart = ({ params }: Request, name: string): string => {
  const value = params[name];
  return typeof value === 'string' ? value : '';
};

/** Creates the routes of the EHR's FHIR server. @param onWritten called when our server has written to a chart */
export function createFhirApi(store: ChartStore, authorization: Authorization, onWritten: () => void): Router {
  const api = new FhirApi(store, onWritten);
  const router = express.Router();
  /** Runs what needs the token of a launch. */
  const withLaunch =
    (answer: (request: Request, response: Response, launch: LaunchContext) => void) =>
    (request: Request, response: Response): void => {
      const launch = authorization.findLaunch(request);
      if (launch) answer(request, response, launch);
      else sendOutcome(response, 401, 'login');
    };
  router.use(express.json({ type: ['application/json', FHIR_JSON], limit: LARGEST_BODY }));
  router.get('/.well-known/smart-configuration', (_request, response) => void response.json(authorization.describe()));
  router.get('/metadata', (_request, response) => {
    sendResource(response, 200, { ...CAPABILITY, date: new Date().toISOString() });
  });
  const nameOf = (request: Request): string => `${readPart(request, 'type')}/${readPart(request, 'id')}`;
  router.get(
    '/:type/:id',
    withLaunch((request, response, launch) => {
      api.read(response, launch, nameOf(request));
    }),
  );
  router.get(
    '/:type',
    withLaunch((request, response, launch) => {
      const { searchParams } = new URL(request.url, 'http://ehr.invalid');
      api.search(response, launch, readPart(request, 'type'), searchParams);
    }),
  );
  router.post(
    '/:type',
    withLaunch((request, response, launch) => {
      api.create(request, response, launch, readPart(request, 'type'));
    }),
  );
  router.put(
    '/:type/:id',
    withLaunch((request, response, launch) => {
      api.update(request.body, response, launch, nameOf(request));
    }),
  );
  router.use((_request, response) => {
    sendOutcome(response, 404, 'not-found');
  });
  // Express knows a handler of errors by its four parameters.
  router.use((error: { readonly status?: number }, _request: Request, response: Response, _next: NextFunction) => {
    sendOutcome(response, error.status ?? 500, 'invalid');
  });
  return router;
}
