import type { ErrorCode } from '../../core/errors.js';
import { readOnce } from '../../core/read-once.js';
import { describeAt, describeLater, readDescription } from '../read-description.js';
import type { ParameterDocument, RouteDocument } from '../route-document.js';
import type { Dialect } from './response-type.js';

interface Described extends Readonly<Record<Dialect, RouteDocument>> {
  readonly query: readonly ParameterDocument[];
  readonly errors: readonly ErrorCode[];
}

const read = readOnce({ all: () => readDescription('infobutton') as Described });

/** The parameters of an infobutton request and its errors, wherever one is answered. */
export const INFOBUTTON = readOnce<Pick<Described, 'query' | 'errors'>>({
  query: () => read.all.query,
  errors: () => read.all.errors,
});

/** Describes the infobutton service at an address for the OpenAPI document. */
export const describeInfobutton = (dialect: Dialect, path: string): RouteDocument =>
  describeLater(() => describeAt(path, read.all[dialect]));
