import type { LibraryRows } from '../../build/source.js';
import { CodeSet, compareCodes, type CodeChanges } from '../../core/codes/code-changes.js';
import { BY_TRUNCATION } from '../../core/codes/code-hierarchy.js';
import type { CodeSystemId } from '../../core/codes/code-systems.js';
import { codingKey, type Coding } from '../../core/codes/concept.js';
import { isInEditions } from '../../core/codes/editions.js';

/** Collects an import's codes and compares them with those that it would replace. */
export class CodeComparison {
  readonly #before: CodeSet | undefined;
  readonly #after = new CodeSet();
  /** Titles of the codes that were not there before, by coding key. */
  readonly titles = new Map<string, string>();

  /** @param before the codes of the source's active release; undefined: it has none */
  constructor(before: CodeSet | undefined) {
    this.#before = before;
  }

  take({ concepts }: LibraryRows): void {
    for (const concept of concepts) {
      this.#after.add(concept);
      if (this.#isNew(concept)) this.titles.set(codingKey(concept), concept.title);
    }
  }

  #isNew(coding: Coding): boolean {
    if (!BY_TRUNCATION.has(coding.system)) return false;
    return this.#before ? !this.#before.all.has(codingKey(coding)) : !isInEditions(coding.system, coding.code);
  }

  /** @param complete the systems of which the release has every code */
  changes(complete: readonly CodeSystemId[]): CodeChanges {
    return compareCodes(this.#before, this.#after, complete);
  }
}
