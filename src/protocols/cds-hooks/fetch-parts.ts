import { RequestError } from '../../core/errors.js';
import { takeSteps } from '../../core/give-way.js';
import { LIMITS } from '../../limits.js';
import { giveWay } from '../../turns.js';
import type { EhrClient, EhrFailureKind } from '../../upstream/ehr-client.js';
import { EhrFailure } from '../../upstream/ehr-client.js';
import type { JsonObject } from '../json-object.js';
import { decodeText, readJsonText } from '../read-json.js';
import type { InFlight } from '../route.js';
import type { FhirPage } from './prefetch.js';
import { readPage } from './prefetch.js';
import type { HookRequest } from './read-request.js';
import type { PrefetchPart } from './services.js';

/** Why a part of the data cannot be had. Texts are in resources/i18n under `cdsHooks.unavailable`. */
export type UnavailableKind = EhrFailureKind | 'no-server' | 'not-allowed';

/** A part that cannot be had. */
export class PartUnavailable extends Error {
  override readonly name = 'PartUnavailable';
  readonly kind: UnavailableKind;
  constructor(kind: UnavailableKind) {
    super(kind);
    this.kind = kind;
  }
}

export interface FetchOptions {
  readonly client: EhrClient;
  /** Base addresses that may be asked, without a slash at their end. */
  readonly allowed: readonly string[];
}

const normalize = (address: string): string | undefined =>
  URL.canParse(address) ? new URL(address).href.replace(/\/+$/, '') : undefined;

/** Fills a template's tokens; each stands for one part of a path or one value. */
const fill = (query: string, { patientId, encounterId = '' }: HookRequest): string =>
  query
    .replaceAll('{{context.patientId}}', encodeURIComponent(patientId))
    .replaceAll('{{context.encounterId}}', encodeURIComponent(encounterId));

/** Whether an address is below a base: a page's link may lead to no other server and to nothing beside its FHIR base. */
const isBelow = (address: string, base: string): boolean =>
  address.startsWith(`${base}/`) || address.startsWith(`${base}?`);

/** What is wrong with an answer that was read; undefined for what is no fault of the answer's. */
function faultIn(error: unknown): UnavailableKind | undefined {
  if (!(error instanceof RequestError)) return undefined;
  if (error.code === 'too-many-resources') return 'too-much';
  return error.code === 'bad-hook-request' ? 'bad-answer' : undefined;
}

/** Fetches what did not come along from the server that the request names, with the token that it brings. */
export class PartFetcher {
  readonly #options: FetchOptions;
  readonly #request: HookRequest;
  readonly #inFlight: InFlight | undefined;
  readonly #signal = AbortSignal.timeout(LIMITS.ehrTimeoutMs);

  constructor(options: FetchOptions, request: HookRequest, inFlight: InFlight | undefined) {
    this.#options = options;
    this.#request = request;
    this.#inFlight = inFlight;
  }

  /**
   * Fetches a part, all of its pages.
   * @param from the page to begin with, where the pages before it came along
   * @throws PartUnavailable
   */
  async fetch({ query, type }: Pick<PrefetchPart, 'query' | 'type'>, from?: string): Promise<JsonObject[]> {
    const base = this.#base();
    const resources: JsonObject[] = [];
    let address = from === undefined ? `${base}/${fill(query, this.#request)}` : this.#follow(from, base);
    for (let pages = 1; ; pages += 1) {
      const page = await this.#page(address, type);
      resources.push(...page.resources);
      if (page.next === undefined) return resources;
      if (pages === LIMITS.ehrPages || resources.length > LIMITS.maxChartResources)
        throw new PartUnavailable('too-much');
      address = this.#follow(page.next, base);
    }
  }

  /** Waits for the server, while other requests are worked on. */
  wait<T>(work: () => Promise<T>): Promise<T> {
    return this.#inFlight ? this.#inFlight.letOthers(work) : work();
  }

  /** The server's base. @throws PartUnavailable where none is named, or none that the site allows */
  #base(): string {
    const { fhirServer } = this.#request;
    if (fhirServer === undefined) throw new PartUnavailable('no-server');
    const base = this.#options.allowed.find((one) => one === normalize(fhirServer));
    if (base === undefined) throw new PartUnavailable('not-allowed');
    return base;
  }

  #follow(link: string, base: string): string {
    const address = URL.canParse(link, `${base}/`) ? new URL(link, `${base}/`).href : '';
    if (!isBelow(address, base)) throw new PartUnavailable('not-allowed');
    return address;
  }

  async #page(address: string, type: string): Promise<FhirPage> {
    if (this.#inFlight?.isCrowded()) throw new RequestError('overloaded');
    const bad = (): RequestError => new RequestError('bad-hook-request');
    try {
      const bytes = await this.#options.client.read(address, {
        token: this.#request.accessToken,
        signal: this.#signal,
      });
      this.#inFlight?.hold(bytes.length);
      const page = readPage(await takeSteps(readJsonText(decodeText(bytes, bad), bad), giveWay), type, '');
      if (!page) throw new PartUnavailable('bad-answer');
      return page;
    } catch (error) {
      // What cannot be read is the server's fault here, not the client's.
      const kind = error instanceof EhrFailure ? error.kind : faultIn(error);
      if (kind) throw new PartUnavailable(kind);
      throw error;
    }
  }
}
