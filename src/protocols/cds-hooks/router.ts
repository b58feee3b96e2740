import { RequestError } from '../../core/errors.js';
import { chooseLanguage, DEFAULT_LANGUAGE } from '../../core/model/language.js';
import type { Language } from '../../core/model/language.js';
import { LIMITS } from '../../limits.js';
import type { Texts } from '../../texts.js';
import { renderErrorJson } from '../render-error.js';
import type { AnswerFacts, Handler, Responder, Route, RouteRequest, RouteResponse } from '../route.js';
import type { AnswerOptions } from './answer-hook.js';
import { answerHook, prepareAnswers } from './answer-hook.js';
import type { CardFeedbackOptions } from './card-feedback.js';
import { recordFeedback } from './card-feedback.js';
import type { Checker } from './read-body.js';
import { createChecker, readBody, withoutNulls } from './read-body.js';
import { DESCRIPTIONS } from './read-descriptions.js';
import { takeTurn } from '../../turns.js';
import { readHookRequest } from './read-request.js';
import type { CdsHook, CdsService } from './services.js';
import { findService, listServices } from './services.js';

export interface CdsHooksOptions extends AnswerOptions, Pick<CardFeedbackOptions, 'counts' | 'queue'> {
  /** The hooks offered. */
  readonly hooks: readonly CdsHook[];
}

const JSON_TYPE = 'application/json; charset=utf-8';

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
    const reasonValues =
      code === 'data-not-available' ? { reason: t(`cdsHooks.unavailable.${values.reason ?? ''}`) } : {};
    const body = renderErrorJson(error, t(`errors.${code}`, { ...values, ...reasonValues }));
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

type Checkers = ReadonlyMap<CdsHook, Checker>;

function callHandler(options: CdsHooksOptions, checks: Checkers): Handler {
  const { hooks } = options;
  return async (request) => {
    const service = findRequestedService(request, hooks);
    const body = await readBody(request.body, checks.get(service.hook) as Checker, withoutNulls);
    const { card, facts } = await answerHook(
      service,
      readHookRequest(body),
      request,
      chooseCardLanguage(request),
      options,
    );
    // Personal: no intermediary may cache it.
    return { ...answerJson({ cards: card ? [card] : [] }, facts), isPersonal: true };
  };
}

/** Compiles the validators, and loads the tables that answers need of a release, each in a turn of its own. */
async function prepare(options: CdsHooksOptions, checks: Checkers): Promise<void> {
  for (const prepareOne of [() => DESCRIPTIONS.requests, ...checks.values()]) {
    prepareOne();
    await takeTurn();
  }
  const [service] = listServices(options.hooks);
  if (service) await prepareAnswers(service, options);
}

function feedbackHandler(options: CdsHooksOptions): Handler {
  const check = createChecker(() => DESCRIPTIONS.cardFeedback);
  return async (request) => {
    const { hook } = findRequestedService(request, options.hooks);
    const received = await recordFeedback(await readBody(request.body, check), hook, request.now, options);
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
  const maxBodyBytes = LIMITS.maxResourceBytes;
  const checks = new Map(options.hooks.map((hook) => [hook, createChecker(() => DESCRIPTIONS.requests[hook])]));
  return [
    { path: '/cds-services', ...common, get: discoveryHandler(options), document: DESCRIPTIONS.discovery },
    {
      path: '/cds-services/:id',
      ...common,
      post: callHandler(options, checks),
      maxBodyBytes,
      prepare: () => prepare(options, checks),
      document: DESCRIPTIONS.service,
    },
    {
      path: '/cds-services/:id/feedback',
      ...common,
      post: feedbackHandler(options),
      maxBodyBytes: LIMITS.maxBodyBytes,
      document: DESCRIPTIONS.feedback,
    },
  ];
}
