import type { ErrorCode } from '../../core/errors.js';
import { describeAt, readDescription } from '../read-description.js';
import type { ParameterDocument, RouteDocument } from '../route-document.js';
import type { Dialect } from './response-type.js';

interface Described extends Readonly<Record<Dialect, RouteDocument>> {
  readonly query: readonly ParameterDocument[];
  readonly errors: readonly ErrorCode[];
}

const described = readDescription('infobutton') as Described;

/** The parameters of an infobutton request and its errors, wherever one is answered. */
export const { query: INFOBUTTON_QUERY, errors: INFOBUTTON_ERRORS } = described;

/** Describes the infobutton service at an address for the OpenAPI document. */
export const describeInfobutton = (dialect: Dialect, path: string): RouteDocument =>
  describeAt(path, described[dialect]);
