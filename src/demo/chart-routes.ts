import express, { type Request, type Response, type Router } from 'express';
import { asText, type JsonObject } from '../protocols/json-object.js';
import type { CdsHook } from '../protocols/cds-hooks/services.js';
import type { Authorization } from './authorization.js';
import { findPatient, listDrugs, toSearchset } from './chart-store.js';
import { findAttachment, readFact, type PatientView } from './chart-view.js';
import { readField, readPathPart, refuse, type EhrParts } from './ehr-parts.js';
import { buildInfobuttonQuery } from './api-calls.js';
import { renderChart } from './pages/chart-page.js';
import { renderDocument, renderDischarge, renderOrder } from './pages/other-pages.js';
import { chartPath } from './view.js';

const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const ORDER_CATEGORY = 'http://terminology.hl7.org/CodeSystem/medicationrequest-category';

/** Builds an order of a drug that the patient takes home, not signed yet. */
function buildDraft({ id, isInpatient }: PatientView, drug: { code: string; display: string }): JsonObject {
  return {
    resourceType: 'MedicationRequest',
    status: 'draft',
    intent: 'order',
    category: [{ coding: [{ system: ORDER_CATEGORY, code: isInpatient ? 'discharge' : 'community' }] }],
    medicationCodeableConcept: { coding: [{ system: RXNORM, ...drug }], text: drug.display },
    subject: { reference: `Patient/${id}` },
  };
}

/** Answers of the pages of one patient's chart. */
class ChartPages {
  readonly #parts: EhrParts;
  readonly #authorization: Authorization;

  constructor(parts: EhrParts, authorization: Authorization) {
    this.#parts = parts;
    this.#authorization = authorization;
  }

  /** Finds a resource of the patient's chart. @throws Error with the status 404 */
  #find({ id }: PatientView, name: string): JsonObject {
    const found = this.#parts.store.read(name);
    if (!found || findPatient(found) !== `Patient/${id}`) throw refuse(404);
    return found;
  }

  /** Calls a hook, and shows its cards at a place below the chart. */
  async #callHook(request: Request, patient: PatientView, hook: CdsHook, place: string, more = {}): Promise<void> {
    const { cds, state, createView } = this.#parts;
    const context = { patientId: patient.id, encounterId: patient.encounterId, ...more };
    const result = await cds.call(hook, context, createView(request).language);
    state.showCards(`${patient.id}/${place}`, result);
    state.markDone(hook === 'encounter-discharge' ? 'discharge' : 'order');
  }

  show = (request: Request, response: Response, patient: PatientView): void => {
    this.#parts.state.markDone('chart');
    response.send(renderChart(patient, this.#parts.createView(request)));
  };

  launch = (request: Request, response: Response, patient: PatientView): void => {
    const { id: patientId, encounterId, language } = patient;
    const appContext = readField(request, 'appContext') || undefined;
    this.#parts.state.markDone('launch');
    if (language !== 'en') this.#parts.state.markDone('language');
    response.redirect(303, this.#authorization.beginLaunch({ patientId, encounterId, appContext }));
  };

  openInfobutton = (request: Request, response: Response, patient: PatientView): void => {
    const fact = this.#find(patient, `${readPathPart(request, 'type')}/${readPathPart(request, 'fact')}`);
    const query = buildInfobuttonQuery(readFact(fact), patient);
    this.#parts.state.markDone('infobutton');
    response.redirect(303, `${this.#parts.addresses.ours}/infobutton?${query.toString()}`);
  };

  order = async (request: Request, response: Response, patient: PatientView): Promise<void> => {
    const drug = listDrugs(patient.id).find(({ code }) => code === readField(request, 'drug'));
    const draft = drug && this.#parts.store.create(buildDraft(patient, drug));
    if (!draft) throw refuse(drug ? 507 : 404);
    const id = asText(draft.id);
    const orders = { draftOrders: toSearchset([draft]), selections: [`MedicationRequest/${id}`] };
    await this.#callHook(request, patient, 'order-select', `orders/${id}`, orders);
    response.redirect(303, `${chartPath(patient.id)}/orders/${id}`);
  };

  showOrder = (request: Request, response: Response, patient: PatientView): void => {
    const { state, createView } = this.#parts;
    const order = readFact(this.#find(patient, `MedicationRequest/${readPathPart(request, 'order')}`));
    const result = state.findCards(`${patient.id}/orders/${order.id}`);
    response.send(renderOrder(order, { patient, view: createView(request), result }));
  };

  sign = async (request: Request, response: Response, patient: PatientView): Promise<void> => {
    const id = readPathPart(request, 'order');
    const order = this.#find(patient, `MedicationRequest/${id}`);
    if (order.status === 'draft') {
      await this.#callHook(request, patient, 'order-sign', `orders/${id}`, { draftOrders: toSearchset([order]) });
      this.#parts.store.put({ ...order, status: 'active', authoredOn: new Date().toISOString() });
    }
    response.redirect(303, `${chartPath(patient.id)}/orders/${id}`);
  };

  discharge = async (request: Request, response: Response, patient: PatientView): Promise<void> => {
    await this.#callHook(request, patient, 'encounter-discharge', 'discharge');
    response.redirect(303, `${chartPath(patient.id)}/discharge`);
  };

  showDischarge = (request: Request, response: Response, patient: PatientView): void => {
    const { state, createView } = this.#parts;
    const result = state.findCards(`${patient.id}/discharge`);
    response.send(renderDischarge({ patient, view: createView(request), result }));
  };

  answerCard = async (request: Request, response: Response, patient: PatientView): Promise<void> => {
    const { state, cds } = this.#parts;
    const place = readField(request, 'place');
    const result = state.findCards(`${patient.id}/${place}`);
    if (!result) throw refuse(404);
    const card = readField(request, 'card');
    await cds.override(result, card, readField(request, 'reason'));
    state.dropCard(`${patient.id}/${place}`, card);
    response.redirect(303, `${chartPath(patient.id)}/${place}`);
  };

  showDocument = (request: Request, response: Response, patient: PatientView): void => {
    const found = this.#find(patient, `${readPathPart(request, 'type')}/${readPathPart(request, 'document')}`);
    response.send(renderDocument(patient, found, this.#parts.createView(request)));
  };

  sendPdf = (request: Request, response: Response, patient: PatientView): void => {
    const found = this.#find(patient, `${readPathPart(request, 'type')}/${readPathPart(request, 'document')}`);
    const { data } = findAttachment(found);
    if (typeof data !== 'string') throw refuse(404);
    // A browser's viewer of PDFs needs styles of its own.
    response.removeHeader('Content-Security-Policy');
    response.type('application/pdf').send(Buffer.from(data, 'base64'));
  };
}

/** Creates the routes of patients' charts. */
export function chartRoutes(parts: EhrParts, authorization: Authorization): Router {
  const pages = new ChartPages(parts, authorization);
  const router = express.Router();
  type Answer = (request: Request, response: Response, patient: PatientView) => void | Promise<void>;
  const add = (method: 'get' | 'post', path: string, answer: Answer): void => {
    router[method](`/:patient${path}`, (request, response) =>
      answer(request, response, parts.findPatient(readPathPart(request, 'patient'))),
    );
  };
  add('get', '', pages.show);
  add('post', '/launch', pages.launch);
  add('get', '/infobutton/:type/:fact', pages.openInfobutton);
  add('post', '/orders', pages.order);
  add('get', '/orders/:order', pages.showOrder);
  add('post', '/orders/:order/sign', pages.sign);
  add('post', '/discharge', pages.discharge);
  add('get', '/discharge', pages.showDischarge);
  add('post', '/cards', pages.answerCard);
  add('get', '/documents/:type/:document', pages.showDocument);
  add('get', '/documents/:type/:document/pdf', pages.sendPdf);
  return router;
}
