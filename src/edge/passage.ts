import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestError } from '../core/errors.js';
import type { Access, Parameters, Route } from '../protocols/route.js';
import type { Variant } from './answers/answer-cache.js';
import type { RequestRecord } from './observe/ledger.js';

/** Where a request leads. */
export interface Place {
  readonly route: Route;
  /** Of its address, without the query. */
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** What is wrong with its path. */
  readonly fault?: RequestError;
}

/** One request on its way through the edge. */
export interface Passage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly record: RequestRecord;
  readonly address: string;
  variant: Variant;
  /** Where it leads, once that is looked up. */
  place?: Place;
  /** The client, once the request is admitted, on routes that check it. */
  access?: Access | undefined;
  /** What has been read so far: an error is rendered in the format that these name. */
  parameters: Parameters;
}
