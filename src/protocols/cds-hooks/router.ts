import { RequestError } from '../../core/errors.js';
import { chooseLanguage, DEFAULT_LANGUAGE, type Language } from '../../core/model/language.js';
import { LIMITS } from '../../limits.js';
import type { Texts } from '../../texts.js';
import type { JsonObject } from '../json-object.js';
import { renderErrorJson } from '../render-error.js';
import type { AnswerFacts, Handler, Responder, Route, RouteRequest, RouteResponse } from '../route.js';
import { describeBy, type Schema } from '../route-document.js';
import { answerHook, createHookComputation, type AnswerOptions } from './answer-hook.js';
import { recordFeedback, withOneSpelling, type CardFeedbackOptions } from './card-feedback.js';
import { SCHEMAS, isJson, readCall, withoutNulls } from './read-body.js';
import { isOfDischarge, readHookRequest } from './read-request.js';
import { findService, listServices, type CdsHook, type CdsService } from './services.js';

export interface CdsHooksOptions extends AnswerOptions, Pick<CardFeedbackOptions, 'counts' | 'queue' | 'memory'> {
  /** The hooks offered. */
  readonly hooks: readonly CdsHook[];
}

const JSON_TYPE = 'application/json; charset=utf-8';

const describe = describeBy('cds-hooks');

const answerJson = (value: object, facts: AnswerFacts): RouteResponse => ({
  status: 200,
  contentType: JSON_TYPE,
  body: JSON.stringify(value),
  facts,
});

/** The language of the card's reader. */
const chooseCardLanguage = ({ headers }: Pick<RouteRequest, 'headers'>): Language =>
  chooseLanguage((headers['accept-language'] ?? '').split(/[,;]/, 1)[0] ?? '') ?? DEFAULT_LANGUAGE;

/** Renders an error as `{ "error": { code, status, message } }`. */
function createErrorRenderer(texts: Texts): Responder['renderError'] {
  return (error, request) => {
    const { code, status, values } = error;
    const t = texts(chooseCardLanguage(request));
    const why = code === 'data-not-available' ? { reason: t(`cdsHooks.unavailable.${values.reason ?? ''}`) } : {};
    const body = renderErrorJson(error, t(`errors.${code}`, { ...values, ...why }));
    return { status, contentType: JSON_TYPE, body, facts: { outcome: code } };
  };
}

/** `GET /cds-services`: the services offered (CDS Hooks 2.0.1, "Discovery"). */
function discoveryHandler({ hooks, texts }: CdsHooksOptions): Handler {
  return async (request) => {
    const t = texts(chooseCardLanguage(request));
    const services = listServices(hooks).map(({ hook, prefetch }) => ({
      hook,
      id: hook,
      title: t('cdsHooks.title'),
      description: t(`cdsHooks.description.${hook}`),
      prefetch: Object.fromEntries(prefetch.map(({ key, query }) => [key, query])),
      usageRequirements: t('cdsHooks.usage'),
    }));
    return answerJson({ services }, { outcome: 'ok' });
  };
}

/** @throws RequestError `not-found` */
function findRequestedService({ pathParameters }: RouteRequest, hooks: readonly CdsHook[]): CdsService {
  const service = findService(pathParameters.id, hooks);
  if (!service) throw new RequestError('not-found');
  return service;
}

/** Finds the schema of a call: the discharge's service also accepts the hook that Epic fires at a discharge. */
function findSchema({ hook }: CdsService, sent: JsonObject): Schema {
  const isFired = hook === 'encounter-discharge' && sent.hook === 'patient-view' && isOfDischarge(sent);
  return SCHEMAS.all.requests[isFired ? 'patient-view' : hook];
}

function callHandler(options: CdsHooksOptions): Handler {
  const { hooks } = options;
  return async (request) => {
    const service = findRequestedService(request, hooks);
    const body = readCall(request.body, (sent) => findSchema(service, sent), withoutNulls);
    const call = { ...request, service, request: readHookRequest(body) };
    const { card, facts } = await answerHook(call, chooseCardLanguage(request), options);
    // Personal: no intermediary may cache it.
    return { ...answerJson({ cards: card ? [card] : [] }, facts), isPersonal: true };
  };
}

function feedbackHandler(options: CdsHooksOptions): Handler {
  return async (request) => {
    const { hook } = findRequestedService(request, options.hooks);
    const body = readCall(request.body, () => SCHEMAS.all.cardFeedback, withOneSpelling);
    const received = await recordFeedback(body, hook, request.now, options);
    return answerJson({ received }, { outcome: 'ok' });
  };
}

/** Routes of CDS Hooks 2.0.1: articles for a chart, on a card in the EHR. */
export function cdsHooksRoutes(options: CdsHooksOptions): Route[] {
  const common = {
    protocol: 'cds-hooks',
    headerKind: 'api',
    isForCdsClients: true,
    renderError: createErrorRenderer(options.texts),
  } as const;
  const takes = { accepts: isJson, supported: 'application/json' };
  return [
    { path: '/cds-services', ...common, get: discoveryHandler(options), document: describe('discovery') },
    {
      path: '/cds-services/:id',
      ...common,
      post: callHandler(options),
      body: { ...takes, maxBytes: LIMITS.maxResourceBytes },
      // A smaller one lacks much of the chart, which the main process fetches from the EHR.
      isHeavy: ({ bodyBytes }) => bodyBytes > LIMITS.lightBodyBytes,
      computation: createHookComputation(options),
      document: describe('service'),
    },
    {
      path: '/cds-services/:id/feedback',
      ...common,
      post: feedbackHandler(options),
      body: { ...takes, maxBytes: LIMITS.maxBodyBytes },
      document: describe('feedback'),
    },
  ];
}
