/** Media types of the bodies that a route reads. The edge rejects the others before it reads them (415). */
export interface BodyTypes {
  /** Maximum size, but for forms. */
  readonly maxBytes: number;
  /** @param contentType as sent; empty where none was */
  readonly accepts: (contentType: string, isEmpty: boolean) => boolean;
  /** The media types, as the error names them. */
  readonly supported: string;
}

/** The media type of a form. */
export const FORM = 'application/x-www-form-urlencoded';
