import { getOrAdd } from '../../../core/remember.js';
import { asText } from '../../json-object.js';
import { normalizeBase, parseReference, type LiteralReference } from '../../literal-reference.js';

/** A resource as references name it. */
export interface ReferenceName {
  /** Base address of its server, in one spelling; undefined: unknown. */
  readonly base: string | undefined;
  /** `Encounter/12`; a URN or a fragment unchanged. */
  readonly local: string;
}

/** Reads references and `fullUrl`s as names. @param from `fullUrl` of the resource that refers (R4 bundle, 3.7.4.1) */
export type ReadName = (reference: unknown, from?: string) => ReferenceName;

/** A name as one text, the same for the same resource of a server. */
export const spellName = ({ base, local }: ReferenceName): string => (base === undefined ? local : `${base}/${local}`);

/**
 * Creates the reader of a chart's references. A relative one is to the server of the resource that refers, or to the known one.
 * @param server base address of the server whose chart it is; undefined: unknown
 */
export function createNameReader(server: string | undefined): ReadName {
  const known = server === undefined ? undefined : normalizeBase(server);
  // The same few references return in each resource of a chart.
  const parsed = new Map<string, { readonly read: LiteralReference | undefined }>();
  const parse = (text: string): LiteralReference | undefined =>
    getOrAdd(parsed, text, () => ({ read: parseReference(text) })).read;
  return (reference, from = '') => {
    const text = asText(reference);
    const read = parse(text);
    if (!read) return { base: undefined, local: text };
    return { base: read.base ?? parse(from)?.base ?? known, local: `${read.type}/${read.id}` };
  };
}

/** Names of resources. A name without a server is that of any server; two servers that are known are never the same. */
export class NameSet {
  readonly #spelled = new Set<string>();
  readonly #locals = new Set<string>();

  constructor(names: Iterable<ReferenceName> = []) {
    for (const name of names) this.add(name);
  }

  add(name: ReferenceName): void {
    this.#spelled.add(spellName(name));
    this.#locals.add(name.local);
  }

  has(name: ReferenceName): boolean {
    if (name.base === undefined) return this.#locals.has(name.local);
    return this.#spelled.has(spellName(name)) || this.#spelled.has(name.local);
  }
}
