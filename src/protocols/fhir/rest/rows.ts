import type { OperationDefinition } from '@medplum/fhirtypes';
import type { AccessRight, NeededRight } from '../../identity.js';
import { handledMethods, type Route } from '../../route.js';
import type { RouteMethod } from '../../route-document.js';
import type { FhirRequest, Interaction, TypeModule } from './interaction.js';
import { badResource } from './bad-request.js';

export type Type = TypeModule['type'];

/** One method at an address. */
export interface FhirMethod {
  /** FHIR's interaction (R4 value set restful-interaction), for the audit trail whether it is answered or not. */
  readonly name: string;
  /** Undefined: not answered. */
  readonly run: Interaction | undefined;
  /** Right of a method that writes; undefined: the right to read at the address. */
  readonly right?: AccessRight | undefined;
}

/** One address of R4's RESTful API (http, 3.1.0, and operations, 3.2.0): its methods, who may use them, and its description. */
export interface FhirRow extends Pick<
  Route,
  'forms' | 'cacheable' | 'prepare' | 'isOpen' | 'switchedOff' | 'missing' | 'announced'
> {
  /** The whole path, with `:id` where a resource's id stands. */
  readonly path: string;
  readonly type?: Type | undefined;
  /** The type's searches; undefined for an operation. */
  readonly search?: Pick<TypeModule, 'searchParameters' | 'includes'>;
  /** The operation that is invoked there. */
  readonly operation?: OperationDefinition;
  /** It is of patients: reading always needs a right, and nothing is cached. */
  readonly isByRight?: boolean;
  readonly methods: Readonly<Partial<Record<RouteMethod, FhirMethod>>>;
  /** Right to read; undefined: none, as for a Bundle, whose entries are checked one by one. */
  readonly read?: NeededRight | undefined;
  /** Posted body: a form (a search's parameters), a Bundle of requests, or a resource. */
  readonly takes: 'form' | 'bundle' | 'resource';
  readonly document: Route['document'];
}

/** The methods that a row answers. */
export const listAnsweredMethods = ({ methods }: Pick<FhirRow, 'methods'>): RouteMethod[] =>
  handledMethods(methods).filter((method) => methods[method]?.run);

/** The server's base. */
export const BASE = '/fhir';
/** True if an address, with or without its query, is the base or below it: errors there are OperationOutcomes. */
export const isFhirAddress = (address: string): boolean => /^\/fhir(?:[/?]|$)/.test(address);
/** An id of R4 (datatypes, 2.24.0.1). */
export const ID = /^[A-Za-z0-9.-]{1,64}$/;

/** Checks that a request that writes holds a resource of the type. @throws RequestError `bad-resource` */
export function requireBody(request: FhirRequest, type: Type): FhirRequest {
  if (request.body?.resourceType === type) return request;
  const reason = request.body ? `it is a ${request.body.resourceType}, and ${type} is asked for` : 'it is empty';
  throw badResource(reason);
}

/**
 * The right to read at an address where reading is closed (SMART App Launch 2): `r` is read and vread, `s`
 * searches. An operation reads and searches the type that it is invoked on, the system's own ones articles.
 */
export const toReadRight = (type: NeededRight['type'], ...rights: AccessRight[]): NeededRight => ({ type, rights });
