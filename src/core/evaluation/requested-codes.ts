import { codeSystem, type CodeSystemId } from '../codes/code-systems.js';
import type { RequestCoding } from '../answer/knowledge-request.js';
import type { Language } from '../model/language.js';
import { detectOtherSystem, normalizeCode } from '../codes/normalize-code.js';

/** A coding of a known code system. */
export type KnownCoding = RequestCoding & { readonly system: CodeSystemId };

/** A requested code and how often it was requested. */
export interface RequestedCode {
  readonly coding: KnownCoding;
  /** Name of the code in the source list; empty if names are hidden. */
  readonly name: string;
  /** The name was sent by a client, may contain anything, and is not reported. */
  readonly hidesNames?: boolean;
  readonly count: number;
  /** Number of requests by readers of each language; languages without requests are left out. */
  readonly byLanguage: ReadonlyMap<Language, number>;
}

/**
 * Key of a coding: a drug's name counts beside its code. Impossible codes are keyed by the system they seem to belong
 * to, so that free text sent as a code does not fill memory.
 */
function buildKey({ system, code, display }: KnownCoding): string {
  const isDrug = codeSystem(system).kind === 'drug';
  const name = isDrug ? display.trim().toLowerCase() : '';
  const sent = code.trim();
  const impossible = isDrug ? sent.toLowerCase() : sent && `of ${detectOtherSystem(system, sent) ?? 'none'}`;
  return `${system}|${normalizeCode(system, sent) ?? impossible}|${name}`;
}

/** Counts how often each code was requested. */
export class RequestedCodes {
  readonly #showsNames: boolean;
  readonly #codes = new Map<string, { coding: KnownCoding; count: number; byLanguage: Map<Language, number> }>();

  /** @param showsNames false if names may contain anything and must not be reported */
  constructor(showsNames: boolean) {
    this.#showsNames = showsNames;
  }

  /** @param languages of the readers; each is counted in full */
  add(coding: KnownCoding, count: number, languages: readonly Language[]): void {
    const key = buildKey(coding);
    const requested = this.#codes.get(key) ?? { coding, count: 0, byLanguage: new Map<Language, number>() };
    this.#codes.set(key, requested);
    requested.count += count;
    for (const language of languages)
      requested.byLanguage.set(language, (requested.byLanguage.get(language) ?? 0) + count);
  }

  /** Each code once. */
  list(): RequestedCode[] {
    return [...this.#codes.values()].map((requested) => ({
      ...requested,
      name: this.#showsNames ? requested.coding.display : '',
      hidesNames: !this.#showsNames,
    }));
  }
}
