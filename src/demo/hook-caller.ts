import { randomUUID } from 'node:crypto';
import type { Language } from '../core/model/language.js';
import { asObject, asObjects, asText, type JsonObject } from '../protocols/json-object.js';
import type { Card } from '../protocols/cds-hooks/card.js';
import type { CdsHook } from '../protocols/cds-hooks/services.js';
import type { DemoAddresses } from './authorization.js';
import { callServer, type AnsweredCall } from './call-server.js';
import { CLINICIAN, toSearchset, type ChartStore } from './chart-store.js';

/** A call of a hook, with the cards that came. */
export interface HookResult {
  readonly hook: CdsHook;
  readonly cards: readonly Card[];
  readonly exchange: AnsweredCall;
}

const SERVICES = '/cds-services';

/** Context of a hook: tokens that prefetch templates name, and the orders. */
export type HookContext = Readonly<Record<string, unknown>> & { readonly patientId: string };

const parse = (text: string): JsonObject => {
  try {
    return asObject(JSON.parse(text)) ?? {};
  } catch {
    return {};
  }
};

/** The EHR as a client of our CDS Hooks services (CDS Hooks 2.0.1): it prefetches, calls, and sends feedback. */
export class HookCaller {
  readonly #store: ChartStore;
  readonly #addresses: DemoAddresses;
  #templates: Promise<ReadonlyMap<string, JsonObject>> | undefined;

  constructor(store: ChartStore, addresses: DemoAddresses) {
    this.#store = store;
    this.#addresses = addresses;
  }

  async #discover(): Promise<ReadonlyMap<string, JsonObject>> {
    const { text } = await callServer(this.#addresses.ours, { method: 'GET', path: SERVICES });
    return new Map(asObjects(parse(text).services).map(({ id, prefetch }) => [asText(id), asObject(prefetch) ?? {}]));
  }

  /** Fetches one part of the prefetch by its template: `Patient/{{context.patientId}}`. */
  #fetchPart(template: string, context: HookContext): JsonObject | null {
    const query = template.replace(/\{\{context\.(\w{1,40})\}\}/g, (_all, name: string) => asText(context[name]));
    const [name = '', search] = query.split('?', 2);
    if (search === undefined) return this.#store.read(name) ?? null;
    return toSearchset(this.#store.search(name, context.patientId, new URLSearchParams(search)));
  }

  /** Calls a hook's service with the prefetch that it wants. @throws Error if our server does not answer */
  async call(hook: CdsHook, more: HookContext, language: Language): Promise<HookResult> {
    this.#templates ??= this.#discover();
    const templates = (await this.#templates).get(hook) ?? {};
    const context = { userId: CLINICIAN, ...more };
    const prefetch = Object.fromEntries(
      Object.entries(templates).map(([key, template]) => [key, this.#fetchPart(asText(template), context)]),
    );
    const body = JSON.stringify({
      ...{ hook, hookInstance: randomUUID(), fhirServer: this.#addresses.iss, context, prefetch },
    });
    const headers = { 'Content-Type': 'application/json', 'Accept-Language': language };
    const path = `${SERVICES}/${hook}`;
    const exchange = await callServer(this.#addresses.ours, { method: 'POST', path, headers, body });
    return { hook, cards: asObjects(parse(exchange.text).cards) as unknown as Card[], exchange };
  }

  /** Sends a card's override. @param reason a code of its override reasons */
  async override({ hook, cards }: HookResult, uuid: string, reason: string): Promise<void> {
    const card = cards.find((one) => one.uuid === uuid);
    const chosen = card?.overrideReasons.find(({ code }) => code === reason);
    if (!card || !chosen) return;
    const { system, code } = chosen;
    const outcomeTimestamp = new Date().toISOString();
    const feedback = [
      { card: uuid, outcome: 'overridden', overrideReason: { reason: { system, code } }, outcomeTimestamp },
    ];
    await callServer(this.#addresses.ours, {
      method: 'POST',
      path: `${SERVICES}/${hook}/feedback`,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ feedback }),
    });
  }
}
