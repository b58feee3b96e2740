import { RequestError } from '../../../core/errors.js';
import type { AccessRight, NeededRight, Route } from '../../route.js';
import type { RouteDocument, RouteMethod } from '../../route-document.js';
import type { Found } from '../../route-table.js';
import type { FhirAnswer, FhirRequest, TypeModule } from './interaction.js';

export type Type = TypeModule['type'];

/** What a method does at an address. */
export type Interaction = (
  request: FhirRequest,
  pathParameters: Found<unknown>['pathParameters'],
) => Promise<FhirAnswer>;

/** One address of R4's RESTful API (http, 3.1.0, and operations, 3.2.0): what is done there, by whom, and what is told of it. */
export interface FhirRow extends Pick<
  Route,
  'forms' | 'cacheable' | 'prepare' | 'isOpen' | 'switchedOff' | 'missing' | 'announced'
> {
  /** The whole path, with `:id` where a resource's id stands. */
  readonly path: string;
  readonly type?: Type | undefined;
  /** It is of patients: it is read by right whatever is open, and cached nowhere. */
  readonly isByRight?: boolean;
  readonly interactions: Readonly<Partial<Record<RouteMethod, Interaction | undefined>>>;
  /** FHIR's interaction that a method is (R4 value set restful-interaction). */
  readonly names: Readonly<Partial<Record<RouteMethod, string>>>;
  /** What reading needs; undefined: nothing, as of a Bundle, whose entries are looked at one by one. */
  readonly read?: NeededRight | undefined;
  /** What each method that writes needs. */
  readonly writes?: Readonly<Partial<Record<RouteMethod, AccessRight>>>;
  /** What is posted: a form (a search's parameters), a Bundle of requests, or a resource. */
  readonly takes: 'form' | 'bundle' | 'resource';
  readonly document: RouteDocument | undefined;
}

/** The server's base. */
export const BASE = '/fhir';
/** An id of R4 (datatypes, 2.24.0.1). */
export const ID = /^[A-Za-z0-9.-]{1,64}$/;

/** What a request that means to read or write a resource must bring. @throws RequestError `bad-resource` */
export function requireBody(request: FhirRequest, type: Type): FhirRequest {
  if (request.body?.resourceType === type) return request;
  const reason = request.body ? `it is a ${request.body.resourceType}, and ${type} is asked for` : 'it is empty';
  throw new RequestError('bad-resource', { reason });
}

/**
 * The right to read at an address where reading is closed (SMART App Launch 2): `r` is read, vread and a resource's history, `s`
 * searches and the other histories. An operation reads and searches the type that it is invoked on, the system's own ones articles.
 */
export const reading = (type: NeededRight['type'], ...rights: AccessRight[]): NeededRight => ({ type, rights });
