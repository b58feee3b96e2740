import type { BulkheadPolicy } from 'cockatiel';
import { BulkheadRejectedError, bulkhead } from 'cockatiel';
import { fetchOutside, readLimited } from './outbound.js';

/** Why an EHR's FHIR server returned nothing. Texts are in resources/i18n under `cdsHooks.unavailable`. */
export type EhrFailureKind = 'timeout' | 'unreachable' | 'refused' | 'not-found' | 'bad-answer' | 'too-much' | 'busy';

/** A failed read. Contains nothing of the request or the response. */
export class EhrFailure extends Error {
  override readonly name = 'EhrFailure';
  readonly kind: EhrFailureKind;
  constructor(kind: EhrFailureKind) {
    super(kind);
    this.kind = kind;
  }
}

export interface EhrClientOptions {
  readonly userAgent: string;
  readonly limits: {
    /** Maximum bytes of one response. */
    readonly ehrAnswerBytes: number;
    /** Concurrent reads, and reads waiting for their turn. */
    readonly ehrCalls: number;
    readonly ehrQueue: number;
  };
}

export interface EhrRead {
  /** Undefined: the server is open. */
  readonly token: string | undefined;
  readonly signal: AbortSignal;
}

function classifyStatus(status: number): EhrFailureKind {
  if (status === 404 || status === 410) return 'not-found';
  if (status === 401 || status === 403) return 'refused';
  if (status === 429) return 'busy';
  // Includes redirects: a token is for one server only.
  return status >= 500 ? 'unreachable' : 'bad-answer';
}

/** Reads from an EHR's FHIR server, with the access token supplied by the EHR. */
export class EhrClient {
  readonly #options: EhrClientOptions;
  readonly #turns: BulkheadPolicy;

  constructor(options: EhrClientOptions) {
    this.#options = options;
    this.#turns = bulkhead(options.limits.ehrCalls, options.limits.ehrQueue);
  }

  /**
   * Reads an address; redirects are not followed, and a response above the limit is aborted.
   * @returns the bytes of its JSON
   * @throws EhrFailure
   */
  async read(address: string, read: EhrRead): Promise<Buffer> {
    try {
      return await this.#turns.execute(() => this.#fetch(address, read));
    } catch (error) {
      if (error instanceof EhrFailure) throw error;
      if (error instanceof BulkheadRejectedError) throw new EhrFailure('busy');
      if (error instanceof RangeError) throw new EhrFailure('too-much');
      throw new EhrFailure(read.signal.aborted ? 'timeout' : 'unreachable');
    }
  }

  async #fetch(address: string, { token, signal }: EhrRead): Promise<Buffer> {
    const answer = await fetchOutside(address, {
      headers: {
        Accept: 'application/fhir+json',
        'User-Agent': this.#options.userAgent,
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      redirect: 'manual',
      signal,
    });
    if (answer.status !== 200) {
      void answer.body?.cancel();
      throw new EhrFailure(classifyStatus(answer.status));
    }
    return readLimited(answer, this.#options.limits.ehrAnswerBytes);
  }
}
