/** One element of an answer, rendered alike as XML and as JSON. Attributes and children keep their order. */
export interface Element {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Children, or the element's text. */
  readonly content: readonly Element[] | string;
}

export const element = (
  name: string,
  content: readonly Element[] | string,
  attributes?: Readonly<Record<string, string>>,
): Element => (attributes ? { name, content, attributes } : { name, content });
