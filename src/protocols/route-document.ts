import type { ErrorCode } from '../core/errors.js';

/** A JSON Schema (2020-12), as OpenAPI 3.1 has it. */
export type Schema = Readonly<Record<string, unknown>>;

export type RouteMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What a body or an answer is in one media type. */
export interface Content {
  readonly schema: Schema;
  /** The schema's name among the document's components; without one it stands where it is used. */
  readonly name?: string;
  readonly example?: unknown;
}

/** By media type, without its charset. */
export type ContentByType = Readonly<Record<string, Content>>;

export interface ParameterDocument {
  readonly name: string;
  readonly description: string;
  /** Undefined: a text. */
  readonly schema?: Schema;
  readonly required?: boolean;
  readonly example?: string;
}

/** A call that works as it stands: a test makes each one and expects what is told here. */
export interface ExampleCall {
  readonly summary: string;
  /** Path and query, below the server's address. */
  readonly address: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status: number;
  /** Without its charset. */
  readonly contentType: string;
}

/** What one method of a route does, as its clients read of it. */
export interface MethodDocument {
  readonly summary: string;
  readonly description?: string;
  readonly query?: readonly ParameterDocument[];
  readonly body?: { readonly required: boolean; readonly content: ContentByType };
  /** By status; the errors apart. */
  readonly answers: Readonly<Record<number, { readonly description: string; readonly content?: ContentByType }>>;
  /** What it refuses, beside what every route refuses. */
  readonly errors: readonly ErrorCode[];
  readonly errorContent: ContentByType;
  readonly examples: readonly ExampleCall[];
  /** Whether it changes something, for which a client needs a right. */
  readonly isWrite?: boolean;
}

/** A route's methods; the path's own parameters are described once for all. */
export interface RouteDocument {
  /** The protocol's name, as a person reads it. */
  readonly tag: string;
  readonly path?: readonly ParameterDocument[];
  readonly methods: Readonly<Partial<Record<RouteMethod, MethodDocument>>>;
}
