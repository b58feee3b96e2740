import type { ErrorCode } from '../../core/errors.js';
import { formSchema } from '../describe.js';
import { describeAt, readDescription } from '../read-description.js';
import type { ContentByType, ParameterDocument, RouteDocument } from '../route-document.js';
import type { Dialect } from './response-type.js';

interface Described extends Readonly<Record<Dialect, RouteDocument>> {
  readonly query: readonly ParameterDocument[];
  readonly errors: readonly ErrorCode[];
  readonly html: ContentByType;
}

/** The parameters of an infobutton request, its errors and its page, wherever one is answered. */
export const {
  query: INFOBUTTON_QUERY,
  errors: INFOBUTTON_ERRORS,
  html: HTML,
} = readDescription('infobutton') as Described;
const described = readDescription('infobutton', { form: formSchema(INFOBUTTON_QUERY) }) as Described;

/** Describes the infobutton service at an address for the OpenAPI document. */
export const describeInfobutton = (dialect: Dialect, path: string): RouteDocument =>
  describeAt(path, described[dialect]);
