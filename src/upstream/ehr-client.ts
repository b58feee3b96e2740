import { BulkheadRejectedError, bulkhead } from 'cockatiel';
import { fetchOutside, readLimited } from './outbound.js';
import { LIMITS } from '../limits.js';

/** Why an EHR's FHIR server gave nothing. Texts are in resources/i18n under `cdsHooks.unavailable`. */
export type EhrFailureKind =
  | 'timeout'
  | 'unreachable'
  | 'refused'
  | 'not-found'
  | 'bad-answer'
  | 'too-much'
  | 'busy'
  | 'no-server'
  | 'not-allowed';

/** A failed read. Contains nothing of the request or the response. */
export class EhrFailure extends Error {
  override readonly name = 'EhrFailure';
  readonly kind: EhrFailureKind;
  constructor(kind: EhrFailureKind) {
    super(kind);
    this.kind = kind;
  }
}

/** Awaits a read or a write; if it fails, returns the result of `instead`. */
export async function orElse<T, Instead>(
  work: () => Promise<T>,
  instead: (failure: EhrFailure) => Instead,
): Promise<T | Instead> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EhrFailure) return instead(error);
    throw error;
  }
}

export interface EhrRead {
  /** Undefined: the server is open. */
  readonly token: string | undefined;
  readonly signal: AbortSignal;
}

/** A write, as JSON. */
export interface EhrWrite extends EhrRead {
  readonly method: 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
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
  readonly #userAgent: string;
  readonly #turns = bulkhead(LIMITS.ehrCalls, LIMITS.ehrQueue);

  constructor(userAgent: string) {
    this.#userAgent = userAgent;
  }

  /**
   * Reads an address; redirects are not followed, and a response above the limit is aborted.
   * @returns the bytes of its JSON
   * @throws EhrFailure
   */
  read(address: string, read: EhrRead): Promise<Buffer> {
    return this.#inTurn(read.signal, async () => {
      const answer = await this.#fetch(address, read);
      if (answer.status !== 200) {
        void answer.body?.cancel();
        throw new EhrFailure(classifyStatus(answer.status));
      }
      return readLimited(answer, LIMITS.ehrAnswerBytes);
    });
  }

  /**
   * Sends a resource; redirects are not followed.
   * @returns the server's answer, whatever its status
   * @throws EhrFailure where there is no answer: whether it was written is not known then
   */
  send(address: string, { method, headers, body, token, signal }: EhrWrite) {
    return this.#inTurn(signal, async () => {
      const sent = { method, body, headers: { ...headers, 'Content-Type': 'application/fhir+json' } };
      const answer = await this.#fetch(address, { token, signal }, sent);
      const bytes = await readLimited(answer, LIMITS.ehrAnswerBytes);
      const { headers: got } = answer;
      return { status: answer.status, location: got.get('location'), retryAfter: got.get('retry-after'), body: bytes };
    });
  }

  async #inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#turns.execute(work);
    } catch (error) {
      if (error instanceof EhrFailure) throw error;
      if (error instanceof BulkheadRejectedError) throw new EhrFailure('busy');
      if (error instanceof RangeError) throw new EhrFailure('too-much');
      throw new EhrFailure(signal.aborted ? 'timeout' : 'unreachable');
    }
  }

  #fetch(
    address: string,
    { token, signal }: EhrRead,
    sent: Partial<Pick<EhrWrite, 'method' | 'body' | 'headers'>> = {},
  ): Promise<Response> {
    return fetchOutside(address, {
      ...sent,
      headers: {
        ...sent.headers,
        Accept: 'application/fhir+json',
        'User-Agent': this.#userAgent,
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      redirect: 'manual',
      signal,
    });
  }
}
