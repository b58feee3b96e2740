import { LIMITS } from '../../limits.js';
import type { EhrClient, EhrFailureKind } from '../../upstream/ehr-client.js';
import { EhrFailure } from '../../upstream/ehr-client.js';
import { EhrReader } from '../../upstream/ehr-reader.js';
import type { JsonObject } from '../json-object.js';
import type { InFlight } from '../route.js';
import type { HookRequest } from './read-request.js';
import type { PrefetchPart } from './services.js';

/** Why a part of the data cannot be had. Texts are in resources/i18n under `cdsHooks.unavailable`. */
export type UnavailableKind = EhrFailureKind | 'no-server';

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
    try {
      return await this.#reader().read({ query: fill(query, this.#request), type }, from);
    } catch (error) {
      throw error instanceof EhrFailure ? new PartUnavailable(error.kind) : error;
    }
  }

  /** Fetches the Medications that drugs refer to; none where no server may be asked. */
  async fetchMedications(resources: readonly JsonObject[]): Promise<JsonObject[]> {
    try {
      return await this.#reader().readMedications(resources);
    } catch (error) {
      if (error instanceof PartUnavailable) return [];
      throw error;
    }
  }

  /** Waits for the server, while other requests are worked on. */
  wait<T>(work: () => Promise<T>): Promise<T> {
    return this.#inFlight ? this.#inFlight.letOthers(work) : work();
  }

  /** @throws PartUnavailable where no server is named, or none that the site allows */
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
