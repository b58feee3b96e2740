import { Client, type SearchParams } from 'fhir-kit-client';
import { DecoratorHandler, type Dispatcher } from 'undici';
import type { Proxies } from '../config/terminology-server.js';
import { codeSystem, type CodeSystemId, findCodeSystem } from '../core/codes/code-systems.js';
import type { Coding } from '../core/codes/concept.js';
import { type TerminologyTarget, closestTargets } from '../core/answer/terminology-source.js';
import { displayCode, normalizeCode } from '../core/codes/normalize-code.js';
import { createDispatcher } from './dispatcher.js';
import { LIMITS } from '../limits.js';
import type { TraceHeaders } from '../edge/observe/trace-context.js';
import type { Parameters as FhirParameters, ParametersParameter } from '@medplum/fhirtypes';
import { RELATIONSHIP_OF_EQUIVALENCE } from '../core/codes/equivalence.js';
import type { Relationship } from '../core/answer/knowledge-response.js';

/** Longer than any title. */
const MAX_DISPLAY_CHARS = 1000;

/** R5's words for the same, from the source's view. */
const RELATIONSHIP_OF_R5: ReadonlyMap<string, Relationship> = new Map([
  ['equivalent', 'equivalent'],
  ['source-is-narrower-than-target', 'broader'],
  ['source-is-broader-than-target', 'narrower'],
  ['related-to', 'related'],
]);

type Part = Partial<ParametersParameter>;

/** A foreign server's response is untrusted: a list is only used if it is an array. */
const toParts = (value: unknown): Part[] =>
  Array.isArray(value)
    ? (value as unknown[]).filter((one): one is Part => typeof one === 'object' && one !== null)
    : [];

/** A copy of the string: a substring would keep the whole response in memory. */
const copyText = (part: string): string => Buffer.from(part).toString();

/** The parameters of a resource; undefined if it is not a Parameters resource. */
export function findParts(resource: unknown): Part[] | undefined {
  const { resourceType, parameter } = (resource ?? {}) as Partial<FhirParameters>;
  return resourceType === 'Parameters' ? toParts(parameter) : undefined;
}

function readRelationship(parts: readonly Part[]): Relationship | undefined {
  const stated = (name: string): unknown => parts.find((part) => part.name === name)?.valueCode;
  const [equivalence, relationship] = [stated('equivalence'), stated('relationship')];
  if (typeof equivalence === 'string') return RELATIONSHIP_OF_EQUIVALENCE.get(equivalence);
  if (typeof relationship === 'string') return RELATIONSHIP_OF_R5.get(relationship);
  // It is only known that the map leads there.
  return 'related';
}

/**
 * The targets of a `$translate` response (R4 ConceptMap operation; R5's `relationship` too) in the wanted system. Omits
 * codes of other systems, targets without a relationship (unmatched, disjoint), conditional ones, and those beyond the
 * maximum.
 */
export function readTargets(parameters: readonly Part[], wanted: CodeSystemId): TerminologyTarget[] {
  if (parameters.find(({ name }) => name === 'result')?.valueBoolean !== true) return [];
  const targets = parameters.flatMap(({ name, part }): TerminologyTarget[] => {
    if (name !== 'match') return [];
    const parts = toParts(part);
    if (parts.some((one) => one.name === 'dependsOn')) return [];
    const { system, code } = parts.find((one) => one.name === 'concept')?.valueCoding ?? {};
    if (typeof system !== 'string' || typeof code !== 'string' || findCodeSystem(system)?.id !== wanted) return [];
    const normalized = normalizeCode(wanted, code);
    const relationship = readRelationship(parts);
    return normalized === undefined || relationship === undefined
      ? []
      : [{ system: wanted, code: normalized, relationship }];
  });
  return closestTargets(targets).map((target) => ({ ...target, code: copyText(target.code) }));
}

/** The title of a code in a `$lookup` response; undefined if there is none. */
export function readDisplay(parameters: readonly Part[]): string | undefined {
  const display: unknown = parameters.find(({ name }) => name === 'display')?.valueString;
  if (typeof display !== 'string' || display.trim() === '') return undefined;
  return copyText(display.slice(0, MAX_DISPLAY_CHARS));
}

type Handler = Dispatcher.DispatchHandlers;

const isCompressed = (headers: readonly (Buffer | string)[]): boolean =>
  headers.some((name, index) => {
    const isEncoding = index % 2 === 0 && String(name).toLowerCase() === 'content-encoding';
    return (
      isEncoding &&
      String(headers[index + 1])
        .trim()
        .toLowerCase() !== 'identity'
    );
  });

class UncompressedHandler extends DecoratorHandler {
  readonly #handler: Handler;

  constructor(handler: Handler) {
    super(handler);
    this.#handler = handler;
  }

  onHeaders(...answer: Parameters<NonNullable<Handler['onHeaders']>>): boolean {
    // Aborts the request before anything is decompressed.
    if (isCompressed(answer[1])) throw new Error('compressed although not requested');
    return this.#handler.onHeaders?.(...answer) ?? true;
  }
}

/**
 * Makes a dispatcher reject compressed responses, which may decompress to any size: its limit counts the received
 * bytes. A server may ignore Accept-Encoding (RFC 9110, 12.5.3).
 */
const uncompressed: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch(options, new UncompressedHandler(handler));

/** Why a call failed. */
export type FailureKind = 'timeout' | 'unreachable' | 'busy' | 'refused' | 'bad-answer';

/** A failed call. Contains nothing of the request or the response. */
export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure';
  readonly kind: FailureKind;
  constructor(kind: FailureKind) {
    super(kind);
    this.kind = kind;
  }
  /** Whether an immediate retry may succeed. */
  get mayRetry(): boolean {
    return this.kind === 'timeout' || this.kind === 'unreachable';
  }
}

export interface TerminologyClientOptions {
  /** Base address of a FHIR R4 server, without a trailing slash. */
  readonly server: string;
  readonly token: string | undefined;
  readonly proxies: Proxies | undefined;
  /** Timeout of one call, until the last byte of the response. */
  readonly callTimeoutMs: number;
  readonly userAgent: string;
}

/** Statuses of a server that does not know the code, system or map, with a resource that states why. */
const NEGATIVE_STATUSES: ReadonlySet<number> = new Set([400, 404, 410, 422, 501]);
const REFUSING_STATUSES: ReadonlySet<number> = new Set([401, 403, 407]);

const isResource = (data: unknown): boolean =>
  typeof (data as { resourceType?: unknown } | null | undefined)?.resourceType === 'string';

/** Classifies an error of a call: `nothing` if the server responded that it does not know. */
function readFailure(thrown: unknown): 'nothing' | UpstreamFailure {
  const { response, name } = thrown as { response?: { status: number; data: unknown }; name?: string };
  if (!response) return new UpstreamFailure(name === 'TimeoutError' ? 'timeout' : 'unreachable');
  const { status, data } = response;
  if (NEGATIVE_STATUSES.has(status) && isResource(data)) return 'nothing';
  if (REFUSING_STATUSES.has(status)) return new UpstreamFailure('refused');
  if (status === 429) return new UpstreamFailure('busy');
  return new UpstreamFailure(status >= 500 ? 'unreachable' : 'bad-answer');
}

/**
 * Calls a terminology server's operations, one request each. Sends only a code, its system and trace headers; redirects
 * are not followed, and responses above the limit are aborted. Calls reject with UpstreamFailure.
 */
export class TerminologyClient {
  readonly #options: TerminologyClientOptions;
  readonly #agent: Dispatcher;
  readonly #client: Client;

  constructor(options: TerminologyClientOptions) {
    const { server, token, proxies, userAgent } = options;
    const { upstreamAnswerBytes: maxResponseSize, upstreamCalls: connections } = LIMITS;
    this.#options = options;
    this.#agent = createDispatcher(proxies, { maxResponseSize, connections });
    this.#client = new Client({
      baseUrl: server,
      customHeaders: { 'accept-encoding': 'identity', 'user-agent': userAgent },
      requestOptions: { dispatcher: this.#agent.compose(uncompressed), redirect: 'error' },
      ...(token === undefined ? {} : { bearerToken: token }),
    });
  }

  /** The targets of a code in another system, by `ConceptMap/$translate`. */
  async translate({ system, code }: Coding, target: CodeSystemId, trace: TraceHeaders): Promise<TerminologyTarget[]> {
    const requested = { system: codeSystem(system).uri, code: displayCode(system, code) };
    const input = { ...requested, targetsystem: codeSystem(target).uri };
    const parameters = await this.#call('ConceptMap', 'translate', input, trace);
    return readTargets(parameters, target);
  }

  /** A code's title, by `CodeSystem/$lookup`; undefined if unknown. */
  async lookup({ system, code }: Coding, trace: TraceHeaders): Promise<string | undefined> {
    const input = { system: codeSystem(system).uri, code: displayCode(system, code) };
    return readDisplay(await this.#call('CodeSystem', 'lookup', input, trace));
  }

  /** Aborts pending calls. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #call(
    resourceType: string,
    name: string,
    input: SearchParams,
    headers: TraceHeaders,
  ): Promise<NonNullable<ReturnType<typeof findParts>>> {
    const options = { signal: AbortSignal.timeout(this.#options.callTimeoutMs), headers };
    let answer: unknown;
    try {
      answer = await this.#client.operation({ resourceType, name, method: 'GET', input, options });
    } catch (thrown) {
      const failure = readFailure(thrown);
      if (failure === 'nothing') return [];
      throw failure;
    }
    const parameters = findParts(answer);
    if (!parameters) throw new UpstreamFailure('bad-answer');
    return parameters;
  }
}
