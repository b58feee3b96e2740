import type { OperationDefinition, ParametersParameter, Resource, SearchParameter } from '@medplum/fhirtypes';
import type { AccessRight } from '../../identity.js';
import type { AnswerFacts, RouteRequest } from '../../route.js';

/** One interaction, as it was read: nothing of HTTP's bytes is left (R4 http, 3.1.0). */
export interface FhirRequest extends Pick<
  RouteRequest,
  'method' | 'headers' | 'now' | 'baseUrl' | 'access' | 'inFlight' | 'parameters'
> {
  /** The resource that was sent, JSON or XML; undefined where none was. `parameters` are without those of the answer's form. */
  readonly body: Resource | undefined;
  /** `Prefer: handling=strict`: unknown parameters are errors, not ignored. */
  readonly strict: boolean;
  /** Syntax of the answer; undefined: JSON. */
  readonly syntax?: 'json' | 'xml';
}

/** Result of an interaction: it is written as JSON or XML, with ETag and Last-Modified from `resource.meta`. */
export interface FhirAnswer {
  readonly status: number;
  /** Undefined where there is none to give (204). */
  readonly resource: Resource | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly facts: AnswerFacts;
}

/** A search parameter that a type reads; the CapabilityStatement and our own SearchParameter resources are made of these. */
export interface SearchParameterFacts {
  readonly name: string;
  readonly type: SearchParameter['type'];
  /** Canonical address: HL7's own, or one below `canonicalBase` that this server can read. */
  readonly definition: (canonicalBase: string) => string;
  readonly documentation: string;
  readonly modifiers: readonly string[];
}

/** Answers a method at an address. @param path the values in the address, such as a resource's `id` */
export type Interaction = (
  request: FhirRequest,
  path: Readonly<Partial<Record<'id' | 'versionId', string>>>,
) => Promise<FhirAnswer>;

/** Interactions with a type and its resources (R4 value set type-restful-interaction). */
export const TYPE_INTERACTIONS = [...(['read', 'vread', 'update', 'delete', 'create', 'search-type'] as const)];
export type TypeInteraction = (typeof TYPE_INTERACTIONS)[number];

/** Lookups on which writes depend. They reject as searches do, with strict criteria. */
export interface ResourceLookup {
  readonly byId: (id: string, request: FhirRequest) => Promise<Resource | undefined>;
  /** Finds all resources that match, whole. */
  readonly byCriteria: (criteria: FhirRequest['parameters'], request: FhirRequest) => Promise<readonly Resource[]>;
}

/** A resource type and what can be done with it. Ids are FHIR ids. */
export interface TypeModule {
  readonly type: Resource['resourceType'];
  /** It is of patients: its answers are cached nowhere. */
  readonly isPersonal?: boolean;
  /** Canonical addresses of profiles that every resource of the type conforms to. */
  readonly profiles?: (canonicalBase: string) => readonly string[];
  readonly searchParameters?: readonly SearchParameterFacts[];
  /** Values of `_include` that the search takes: `DocumentReference:relatesto`. */
  readonly includes?: readonly string[];
  /**
   * An absent one is not supported (405). An update or a delete without an id is of the resource that the query's criteria
   * match (R4 http, 3.1.0.4.1 and 3.1.0.7.1).
   */
  readonly interactions: Readonly<Partial<Record<TypeInteraction, Interaction>>>;
  readonly lookup: ResourceLookup;
  /** Prepares what a search needs of a release. */
  readonly prepare?: () => Promise<void>;
}

/** The input of an operation, checked against its OperationDefinition: each parameter with all its repetitions. */
export type OperationInput = ReadonlyMap<string, readonly ParametersParameter[]>;

/** Where an operation is invoked: both undefined at the system's level. */
export interface OperationPlace {
  readonly type: string | undefined;
  readonly id: string | undefined;
}

/**
 * An operation: its definition drives parsing, cardinality, documentation and the CapabilityStatement. Levels, types
 * and whether it may be invoked by GET (`affectsState` false and all inputs primitive) are the definition's.
 */
export interface OperationModule {
  /** From resources/fhir/OperationDefinition-<id>.json. HL7's own operations keep HL7's canonical address. */
  readonly definition: OperationDefinition;
  /** Parameters that R4 defines and this server declines: a request with one is rejected with 422. */
  readonly declined?: readonly string[];
  /** Right that it always needs, to the type that it is invoked on: it is for those who write. */
  readonly right?: AccessRight;
  readonly run: OperationRun;
}

export type OperationRun = (input: OperationInput, request: FhirRequest, place: OperationPlace) => Promise<FhirAnswer>;
