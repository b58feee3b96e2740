import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access, Parameters, Route } from '../protocols/route.js';
import type { Variant } from './answer-cache.js';
import type { RequestRecord } from './ledger.js';

/** One request on its way through the edge. */
export interface Passage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly record: RequestRecord;
  readonly address: string;
  variant: Variant;
  /** Where it leads, once that is known. */
  route?: Route;
  /** Who asks, once the request is admitted and where that is looked at. */
  access?: Access | undefined;
  isAdmitted?: boolean;
  /** What has been read so far: an error is told in the format that these ask for. */
  parameters: Parameters;
}
