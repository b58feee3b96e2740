import { LIMITS } from '../../limits.js';
import type { EhrClient, EhrFailureKind } from '../../upstream/ehr-client.js';
import { EhrFailure } from '../../upstream/ehr-client.js';
import { EhrReader } from '../../upstream/ehr-reader.js';
import type { JsonObject } from '../json-object.js';
import type { InFlight } from '../route.js';
import type { HookRequest } from './read-request.js';
import type { PrefetchPart } from './services.js';

/** Why a part of the data could not be fetched. Texts are in resources/i18n under `cdsHooks.unavailable`. */
export type UnavailableKind = EhrFailureKind | 'no-server';

/** A part that could not be fetched. */
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
  /** Base addresses of allowed servers, without a trailing slash. */
  readonly allowed: readonly string[];
}

const normalize = (address: string): string | undefined =>
  URL.canParse(address) ? new URL(address).href.replace(/\/+$/, '') : undefined;

/** Fills a template's tokens; each stands for one part of a path or one value. */
const fillTemplate = (query: string, { patientId, encounterId = '' }: HookRequest): string =>
  query
    .replaceAll('{{context.patientId}}', encodeURIComponent(patientId))
    .replaceAll('{{context.encounterId}}', encodeURIComponent(encounterId));

/** Fetches missing data from the server of the request, with its token. */
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
   * Fetches all pages of a part.
   * @param from the page to begin with, if the pages before it were prefetched
   * @throws PartUnavailable
   */
  async fetch({ query, type }: Pick<PrefetchPart, 'query' | 'type'>, from?: string): Promise<JsonObject[]> {
    try {
      return await this.#reader().read({ query: fillTemplate(query, this.#request), type }, from);
    } catch (error) {
      throw error instanceof EhrFailure ? new PartUnavailable(error.kind) : error;
    }
  }

  /** Fetches the Medications that drugs refer to; none without an allowed server. */
  async fetchMedications(resources: readonly JsonObject[]): Promise<JsonObject[]> {
    try {
      return await this.#reader().readMedications(resources);
    } catch (error) {
      if (error instanceof PartUnavailable) return [];
      throw error;
    }
  }

  /** Waits for the server, while other requests proceed. */
  wait<T>(work: () => Promise<T>): Promise<T> {
    return this.#inFlight ? this.#inFlight.letOthers(work) : work();
  }

  /** @throws PartUnavailable if the request names no server, or one that the site does not allow */
  #reader(): EhrReader {
    const { fhirServer, accessToken: token } = this.#request;
    if (fhirServer === undefined) throw new PartUnavailable('no-server');
    const base = this.#options.allowed.find((one) => one === normalize(fhirServer));
    if (base === undefined) throw new PartUnavailable('not-allowed');
    return new EhrReader({
      client: this.#options.client,
      base,
      token,
      signal: this.#signal,
      inFlight: this.#inFlight,
    });
  }
}
