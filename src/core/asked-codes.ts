import type { CodeSystemId } from './code-systems.js';
import { codeSystem } from './code-systems.js';
import type { RequestCoding } from './knowledge-request.js';
import type { Language } from './language.js';
import { detectOtherSystem, normalizeCode } from './normalize-code.js';

/** A coding whose code system is one of ours. */
export type KnownCoding = RequestCoding & { readonly system: CodeSystemId };

/** A code that was asked, and how often. */
export interface AskedCode {
  readonly coding: KnownCoding;
  /** What whoever made the list calls it; empty where names are not told. */
  readonly name: string;
  /** What was sent as a name may be anything, and is not told again. */
  readonly hidesNames?: boolean;
  readonly count: number;
  /** How often by readers of each language; languages in which nobody asked are left out. */
  readonly byLanguage: ReadonlyMap<Language, number>;
}

/**
 * What tells codes apart that may be answered differently: a drug's name counts beside its code. What is no code of its
 * system is told apart by the system it seems to belong to, so that free text in its place does not fill the memory.
 */
function keyOf({ system, code, display }: KnownCoding): string {
  const isDrug = codeSystem(system).kind === 'drug';
  const name = isDrug ? display.trim().toLowerCase() : '';
  const sent = code.trim();
  const impossible = isDrug ? sent.toLowerCase() : sent && `of ${detectOtherSystem(system, sent) ?? 'none'}`;
  return `${system}|${normalizeCode(system, sent) ?? impossible}|${name}`;
}

/** Adds up how often each code was asked. */
export class AskedCodes {
  readonly #tellsNames: boolean;
  readonly #codes = new Map<string, { coding: KnownCoding; count: number; byLanguage: Map<Language, number> }>();

  /** @param tellsNames false where a name as it was sent may hold anything, and must not be told again */
  constructor(tellsNames: boolean) {
    this.#tellsNames = tellsNames;
  }

  /** @param languages of the readers for whom it was asked; each counts in full */
  add(coding: KnownCoding, count: number, languages: readonly Language[]): void {
    const key = keyOf(coding);
    const asked = this.#codes.get(key) ?? { coding, count: 0, byLanguage: new Map<Language, number>() };
    this.#codes.set(key, asked);
    asked.count += count;
    for (const language of languages) asked.byLanguage.set(language, (asked.byLanguage.get(language) ?? 0) + count);
  }

  /** Every code once. */
  list(): AskedCode[] {
    return [...this.#codes.values()].map((asked) => ({
      ...asked,
      name: this.#tellsNames ? asked.coding.display : '',
      hidesNames: !this.#tellsNames,
    }));
  }
}
