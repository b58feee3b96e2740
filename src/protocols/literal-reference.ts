/** A literal reference to a resource of a FHIR server (R4 references, 2.3.0.1). */
export interface LiteralReference {
  /** Base address of the server, in one spelling; undefined: the reference is relative. */
  readonly base: string | undefined;
  readonly type: string;
  readonly id: string;
}

/** Longer texts are no reference: FHIR's addresses have some hundred characters. */
const MOST_CHARS = 1000;
const HISTORY = '_history';

/** Returns a base address in one spelling, without a slash at its end; undefined if it is no http address. */
export function normalizeBase(address: string): string | undefined {
  if (address.length > MOST_CHARS || !/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined;
  const { href } = new URL(address);
  let end = href.length;
  while (href[end - 1] === '/') end -= 1;
  return href.slice(0, end);
}

/** Reads `Patient/12` or `https://ehr.example/fhir/Patient/12`, with or without a version; undefined for a URN, a fragment or nonsense. */
export function parseReference(reference: string): LiteralReference | undefined {
  if (reference.length > MOST_CHARS) return undefined;
  const parts = reference.split('/');
  if (parts.at(-2) === HISTORY) parts.splice(-2);
  const id = parts.pop() ?? '';
  const type = parts.pop() ?? '';
  if (id === '' || !/^[A-Z][A-Za-z]*$/.test(type)) return undefined;
  return { base: normalizeBase(parts.join('/')), type, id };
}

/** Whether a reference leads to another server than the known one. @param server in one spelling; undefined: unknown, so none is another */
export const isForeign = ({ base }: LiteralReference, server: string | undefined): boolean =>
  base !== undefined && server !== undefined && base !== server;
