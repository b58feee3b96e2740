import type { ErrorCode } from '../../../src/core/errors.js';
import type { RouteMethod, Schema } from '../../../src/protocols/route-document.js';

/** A body or an answer in one media type. */
export interface Content {
  readonly schema: Schema;
  /** The schema's name among the document's components; without one it stands where it is used. */
  readonly name?: string;
  /** Components that the schema refers to as `#/components/schemas/<name>`. */
  readonly parts?: Readonly<Record<string, Schema>>;
}

/** By media type, without its charset. */
export type ContentByType = Readonly<Record<string, Content>>;

export interface ParameterDocument {
  readonly name: string;
  readonly description: string;
  /** Undefined: a text. */
  readonly schema?: Schema;
  readonly required?: boolean;
}

/** Response headers that only some routes send; the OpenAPI document adds what all send. */
export type AnswerHeader =
  'Content-Disposition' | 'Content-Language' | 'ETag' | 'Last-Modified' | 'Location' | 'X-Answer';

export interface AnswerDocument {
  readonly description: string;
  /** Undefined: it may come without a body. */
  readonly content?: ContentByType;
  readonly headers?: readonly AnswerHeader[];
}

/**
 * A call that works as it stands: a test makes each one and expects the status and media type given here. The values of a method's
 * first call are the examples of its parameters and its body.
 */
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

/** One method of a route, as its clients read of it. */
export interface MethodDocument {
  readonly summary: string;
  readonly description?: string;
  readonly query?: readonly ParameterDocument[];
  /** Request headers that change what the method does, beside `If-None-Match` of every GET. */
  readonly headers?: readonly ParameterDocument[];
  readonly body?: { readonly required: boolean; readonly content: ContentByType };
  /** By status; the errors apart. */
  readonly answers: Readonly<Record<number, AnswerDocument>>;
  /** Errors beside those of every route and of every body. */
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
