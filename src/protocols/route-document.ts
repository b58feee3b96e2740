/** A JSON Schema (2020-12), as OpenAPI 3.1 has it. */
export type Schema = Readonly<Record<string, unknown>>;

export type RouteMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Place of a route's description for the OpenAPI document. */
export interface DescribedBy {
  /** File of resources/openapi. */
  readonly file: string;
  /** Name in the file; undefined: the file describes one address, or `methods` name what it describes. */
  readonly name?: string;
  /** Names of descriptions by method, where these differ. */
  readonly methods?: Readonly<Partial<Record<RouteMethod, string>>>;
}

/** Names descriptions in a file of resources/openapi. */
export const describeBy =
  (file: string) =>
  (name: string): DescribedBy => ({ file, name });
