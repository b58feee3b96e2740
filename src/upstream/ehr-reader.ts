import { RequestError } from '../core/errors.js';
import { LIMITS } from '../limits.js';
import { asObject, asText, type JsonObject } from '../protocols/json-object.js';
import { decodeText, readJsonText } from '../protocols/input/parse-json.js';
import { isForeign, normalizeBase, parseReference } from '../protocols/literal-reference.js';
import type { InFlight } from '../protocols/route.js';
import { EhrFailure, orElse, type EhrClient } from './ehr-client.js';
import { readPage, type FhirPage } from './fhir-page.js';

/** An address below the server's base, and the type of its resources (a Bundle may hold other types too). */
export interface EhrQuery {
  readonly query: string;
  readonly type: string;
}

export interface EhrReaderOptions {
  readonly client: Pick<EhrClient, 'read'>;
  /** Base address of the FHIR server, without a slash at its end. */
  readonly base: string;
  /** Undefined: the server is open. */
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  readonly inFlight: InFlight | undefined;
}

const FHIR_ID = /^[A-Za-z0-9.-]{1,64}$/;

/** Whether an address is below a base: a page's link may lead to no other server and to nothing beside its FHIR base. */
const isBelow = (address: string, base: string): boolean =>
  address.startsWith(`${base}/`) || address.startsWith(`${base}?`);

/** The failure that an error of reading an answer means; undefined if the answer is not at fault. */
function toEhrFailure(error: unknown): EhrFailure | undefined {
  if (!(error instanceof RequestError)) return undefined;
  if (error.code === 'too-many-resources') return new EhrFailure('too-much');
  return error.code === 'bad-resource' ? new EhrFailure('bad-answer') : undefined;
}

/** Ids of the server's Medications that drugs refer to and that are not among the resources. Those of another server are not read. */
function findReferredTo(resources: readonly JsonObject[], base: string): string[] {
  const server = normalizeBase(base);
  const there = new Set(resources.flatMap((one) => (one.resourceType === 'Medication' ? [asText(one.id)] : [])));
  const ids = resources.flatMap(({ resourceType, medicationReference }) => {
    if (resourceType !== 'MedicationRequest') return [];
    const read = parseReference(asText(asObject(medicationReference)?.reference));
    return read?.type === 'Medication' && FHIR_ID.test(read.id) && !isForeign(read, server) ? read.id : [];
  });
  return [...new Set(ids)].filter((id) => !there.has(id)).slice(0, LIMITS.ehrMedications);
}

/** Reads resources of an EHR's FHIR server for one request, all pages of a search. */
export class EhrReader {
  readonly #options: EhrReaderOptions;

  constructor(options: EhrReaderOptions) {
    this.#options = options;
  }

  /**
   * Reads a resource, or all pages of a search.
   * @param from the page to begin with, where the pages before it are known
   * @throws EhrFailure; RequestError `overloaded`
   */
  async read({ query, type }: EhrQuery, from?: string): Promise<JsonObject[]> {
    const { base } = this.#options;
    const resources: JsonObject[] = [];
    let address = from === undefined ? `${base}/${query}` : this.#follow(from);
    for (let pages = 1; ; pages += 1) {
      const page = await this.#page(address, type);
      resources.push(...page.resources);
      if (page.next === undefined) return resources;
      if (pages === LIMITS.ehrPages || resources.length > LIMITS.maxChartResources) throw new EhrFailure('too-much');
      address = this.#follow(page.next);
    }
  }

  /** Reads the first page of a search alone. @throws EhrFailure; RequestError `overloaded` */
  async readFirst({ query, type }: EhrQuery): Promise<readonly JsonObject[]> {
    return (await this.#page(`${this.#options.base}/${query}`, type)).resources;
  }

  /** Reads the Medications that drugs refer to: without them a drug has no code. A Medication that cannot be read leaves its order without a page. */
  async readMedications(resources: readonly JsonObject[]): Promise<JsonObject[]> {
    const get = (id: string): Promise<JsonObject[]> =>
      orElse(
        () => this.read({ query: `Medication/${id}`, type: 'Medication' }),
        () => [],
      );
    const ids = findReferredTo(resources, this.#options.base);
    if (ids.length === 0) return [];
    return (await Promise.all(ids.map(get))).flat();
  }

  #follow(link: string): string {
    const { base } = this.#options;
    const address = URL.canParse(link, `${base}/`) ? new URL(link, `${base}/`).href : '';
    if (!isBelow(address, base)) throw new EhrFailure('not-allowed');
    return address;
  }

  async #page(address: string, type: string): Promise<FhirPage> {
    const { client, token, signal, inFlight } = this.#options;
    if (inFlight?.isCrowded()) throw new RequestError('overloaded');
    const bad = (): RequestError => new RequestError('bad-resource');
    try {
      const bytes = await client.read(address, { token, signal });
      inFlight?.hold(bytes.length);
      const page = readPage(readJsonText(decodeText(bytes, bad), bad), type, bad);
      if (!page) throw new EhrFailure('bad-answer');
      return page;
    } catch (error) {
      // An unreadable answer is the server's fault here, not the client's.
      throw toEhrFailure(error) ?? error;
    }
  }
}
