import { capText } from '../core/client-text.js';
import type { Coding } from '../core/codes/concept.js';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { CodeSystemId } from '../core/codes/code-systems.js';
import { RequestError } from '../core/errors.js';
import type { Language } from '../core/model/language.js';
import type { Access, NeededRight } from './identity.js';
import type { BodyTypes } from './input/request-headers.js';
import type { DescribedBy, RouteMethod } from './route-document.js';
import type { Addressed } from './route-table.js';
import { LIMITS } from '../limits.js';

/** A name and its value as they were sent, decoded; names may repeat. */
export type Parameters = readonly (readonly [name: string, value: string])[];

/** The first value of a name that is not blank, as it was sent. */
export const findParameter = (parameters: Parameters, wanted: string): string | undefined =>
  parameters.find(([name, value]) => name === wanted && value.trim() !== '')?.[1];

/** The same, whole, without blanks around it; empty where there is none. */
export const wholeValue = (parameters: Parameters, wanted: string): string =>
  findParameter(parameters, wanted)?.trim() ?? '';

/** The same as it is matched: a long one is cut. */
export const firstValue = (parameters: Parameters, wanted: string): string => capText(wholeValue(parameters, wanted));

/** A request in flight, as long work checks it between its steps. */
export interface InFlight {
  /** The client, by its token's name or its address: each has its share of what is done one at a time. */
  readonly client: string;
  /** Whether its client has closed the connection: no client waits for the answer any more. */
  readonly isAbandoned: () => boolean;
  /** Whether the process holds as many bytes of bodies and answers as it may. */
  readonly isCrowded: () => boolean;
  /** Counts bytes of an answer that is being made, until the request ends. */
  readonly hold: (bytes: number) => void;
}

/** Ends work whose client has gone. @throws RequestError `bad-request`, which is never sent */
export function checkClient(inFlight: InFlight | undefined): void {
  if (inFlight?.isAbandoned()) throw new RequestError('bad-request');
}

/** The request of a handler: bytes are read, limits checked, the route found. */
export interface RouteRequest {
  readonly method: RouteMethod;
  /** Path without query. */
  readonly path: string;
  /** The query string as sent, without its question mark. */
  readonly query: string;
  readonly parameters: Parameters;
  /** Parameters of the path, such as `id`. */
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The body that was sent, but for a form, which is read into `parameters`. */
  readonly body?: RequestBody | undefined;
  readonly now: Date;
  /** Address by which clients reach us, without a slash at its end. */
  readonly baseUrl: string;
  /** The client; undefined if it was not checked: the request only reads what is open to everyone. */
  readonly access?: Access | undefined;
  readonly inFlight?: InFlight | undefined;
  /** Runs the route's computation in a worker; undefined: there is none, or this is one. */
  readonly compute?: ((supplied: unknown) => Promise<unknown>) | undefined;
}

/**
 * The part of an answer that is long work, computed of data that only the main process can fetch. Data and result are cloned between
 * processes: they hold neither functions nor secrets.
 */
export type HeavyComputation = (supplied: unknown, request: RouteRequest) => Promise<unknown>;

/** Runs a computation for a request: in a worker where there is one. */
export const runComputation = <T>(
  computation: HeavyComputation,
  supplied: unknown,
  request: RouteRequest,
): Promise<T> => (request.compute?.(supplied) ?? computation(supplied, request)) as Promise<T>;

/** The bytes of a body and the media type it was declared with. */
export interface RequestBody {
  /** As sent, with its parameters; empty where none was. */
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** An article in one language, as the audit trail names it. */
export interface GivenArticle {
  readonly id: string;
  readonly language: Language;
}

/** Facts of an answer for the audit trail beside its outcome: never a code, nor anything of the patient but ids of recorded entries. */
export interface AuditFacts {
  /** Our code systems that the request named. */
  readonly systems?: readonly CodeSystemId[];
  /** Articles that were returned. */
  readonly articles?: readonly GivenArticle[];
  /** Ids of articles that were returned as codes of our code system of articles: in no language, or in all of them. */
  readonly articleIds?: readonly string[];
  /** Resources that were returned or written, as relative references: `DocumentReference/topic-acne-en`. */
  readonly resources?: readonly string[];
}

/** Facts of an answer for the log and the counters: never a code, a name or an id, but for `unanswered`. */
export interface AnswerFacts {
  /** `answered`, `empty`, an error's code, or `ok` for answers that need no library. */
  readonly outcome: string;
  /** How the answers were found (`own`, `ancestor`, `crosswalk`, `name`, `elsewhere`) or why not: each once, sorted, divided by blanks. */
  readonly matchKinds?: string | undefined;
  /** The status that log, counters and audit trail hold, where it is not the one sent: an error by JSONP. */
  readonly status?: number;
  /** The person, where the answer signs them in or out. */
  readonly client?: string;
  /** For the audit trail alone. */
  readonly audit?: AuditFacts;
  /** Codes without a page, for their count in memory alone. */
  readonly unanswered?: readonly Coding[];
}

/** The `Cache-Control` of an answer that no cache stores, our own included. */
export const NO_STORE = 'no-store';

export interface RouteResponse {
  /** 204 has neither body nor media type. */
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Values of `Set-Cookie`. */
  readonly cookies?: readonly string[];
  /** The time the answer was computed, as it stands in the body; left out of the ETag. */
  readonly computedAt?: string;
  readonly facts: AnswerFacts;
  /**
   * Its address has facts about a patient, or text that a person typed: `no-store`, for browsers and proxies. Our own memory,
   * which ends with the process, may cache it.
   */
  readonly isPersonal?: boolean;
  /** Where the answer is of another kind than its route: a page at a service's address. */
  readonly headerKind?: HeaderKind;
}

export type Handler = (request: RouteRequest) => Promise<RouteResponse>;

/** Renders an error in the asker's own format. */
export type ErrorRenderer = (
  error: RequestError,
  request: Pick<RouteRequest, 'parameters' | 'headers' | 'path' | 'baseUrl'> & { readonly method?: string | undefined },
) => RouteResponse;

/** The answers at an address, errors included. */
export interface Responder {
  readonly get: Handler;
  readonly renderError: ErrorRenderer;
}

/** Sends files in place of a handler. */
export interface FileServer {
  /** Finds the articles of the file at a path. @throws RequestError where it is not given out */
  readonly find: (path: string) => Promise<AuditFacts>;
  /** Sends the file; where there is none, it is rejected. */
  readonly send: (request: IncomingMessage, response: ServerResponse, reject: (error: RequestError) => void) => void;
}

/** Kinds of route, each with its own headers. */
export type HeaderKind = 'api' | 'search' | 'page' | 'asset' | 'handout' | 'document' | 'operations';

/** Query parameters with which an answer may be cached: none of them identifies the patient, the client or the request. */
export interface CacheableParameters {
  readonly names: ReadonlySet<string>;
  /** Names are read in any case; `names` are in lower case then. FHIR's are not. */
  readonly anyCase: boolean;
  /** Names that may carry a number at their end; undefined: none. */
  readonly numbered?: RegExp;
}

/** Facts of a request that tell how much work it is, before its body is read. */
export interface RequestSize {
  readonly method: RouteMethod;
  /** The query string as sent, without its question mark. */
  readonly query: string;
  readonly bodyBytes: number;
}

/** One address and what answers there. */
export interface Route extends Addressed {
  readonly protocol: string;
  readonly headerKind: HeaderKind;
  readonly get?: Handler;
  /** Takes an `application/x-www-form-urlencoded` body; its parameters follow the query's. */
  readonly post?: Handler;
  readonly put?: Handler;
  readonly delete?: Handler;
  /** Bodies that it reads; undefined: forms alone. */
  readonly body?: BodyTypes;
  /** A form may have this many bytes, if that differs from other forms. */
  readonly maxFormBytes?: number;
  /** How many forms a client may post a minute, beside what it may send at all. */
  readonly postsPerMinute?: number;
  /** Methods that a setting would switch on: they are rejected with `writing-off`. */
  readonly switchedOff?: readonly RouteMethod[];
  /** Serves the files of a folder; its path ends with `*`. */
  readonly files?: FileServer;
  /** Nothing is at any address of the route: returns what a request to one is rejected with. */
  readonly missing?: (pathParameters: RouteRequest['pathParameters']) => RequestError;
  /**
   * The methods that a preflight names, if they differ from those that are answered: a browser shows a page the answer
   * of an address, errors too, only if the preflight before it succeeded.
   */
  readonly announced?: (pathParameters: RouteRequest['pathParameters']) => readonly RouteMethod[];
  readonly renderError: ErrorRenderer;
  /** Anyone may read it, even if its protocol is closed: clients need it before they have a token. */
  readonly isOpen?: boolean;
  /** If the site lists EHRs whose JWTs are accepted (CDS Hooks), the client must be one of these, even if the area is open. */
  readonly isForCdsClients?: boolean;
  /**
   * Rights of a request, beside a valid token where its protocol is closed. Without this, where that is so, the right to read and
   * search articles.
   */
  readonly neededRights?: (method: RouteMethod, headers: IncomingHttpHeaders) => readonly NeededRight[];
  /** Whether it is read by right even where its protocol is open: its client is identified then. */
  readonly isByRight?: boolean;
  /** Whether programs read it: without a token one is rejected (401), and only a browser is sent on to the sign-in. */
  readonly isForPrograms?: boolean;
  /** Resource type that the audit trail names also where a request is rejected or finds nothing. */
  readonly auditedType?: string | undefined;
  /** FHIR's interaction that a method is, for the audit trail. */
  readonly interaction?: (method: RouteMethod) => string | undefined;
  /**
   * Whether a request is long work, which a worker process does (edge/workers). Its handlers may not depend on state of the process
   * beside the library; undefined: never.
   */
  readonly isHeavy?: ((size: RequestSize) => boolean) | undefined;
  /** Long work within an answer, for which the main process fetches the data. */
  readonly computation?: HeavyComputation | undefined;
  /** With which query parameters an answer may be cached; undefined: never cached. */
  readonly cacheable?: CacheableParameters;
  /** Prepares what an answer needs of a release before the first request. */
  readonly prepare?: () => Promise<void>;
  /** Its description for the OpenAPI document; undefined for addresses that answer with errors alone. */
  readonly document: DescribedBy | undefined;
}

const METHODS: readonly RouteMethod[] = ['GET', 'POST', 'PUT', 'DELETE'];

/** The methods that have a value. */
export const handledMethods = (byMethod: Readonly<Partial<Record<RouteMethod, unknown>>>): RouteMethod[] =>
  METHODS.filter((method) => byMethod[method] !== undefined);

/** The part of a route that decides which methods an address answers. */
export type Answering = Pick<Route, 'get' | 'post' | 'put' | 'delete' | 'files'>;

export function findHandler({ get, post, put, delete: remove }: Answering, method: RouteMethod): Handler | undefined {
  return { GET: get, POST: post, PUT: put, DELETE: remove }[method];
}

/** The methods that a route answers. */
export function listAnswered({ get, post, put, delete: remove, files }: Answering): RouteMethod[] {
  return handledMethods({ GET: files ?? get, POST: post, PUT: put, DELETE: remove });
}

/** Methods as `Allow` lists them. @throws RequestError `not-found` where there are none */
export function listMethods(methods: readonly RouteMethod[]): string {
  if (methods.length === 0) throw new RequestError('not-found');
  return [...methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])), 'OPTIONS'].join(', ');
}

/** Creates the error for a method that an address does not answer. @throws RequestError `not-found` where it answers none */
export function rejectMethod(
  method: string,
  answered: readonly RouteMethod[],
  switchedOff: Route['switchedOff'] = [],
): RequestError {
  const isOff = switchedOff.some((one) => one === method);
  return new RequestError(isOff ? 'writing-off' : 'method-not-allowed', { allowed: listMethods(answered) });
}

/** Creates the error for a request whose answer would be larger than answers may be. */
export const answerTooLarge = (): RequestError =>
  new RequestError('answer-too-large', { most: LIMITS.maxAnswerBytes / 1024 ** 2 });
