import type { CodeSystemId } from '../core/code-systems.js';
import { codingKey } from '../core/concept.js';
import { keepTopLayer } from '../core/layers.js';
import type { Coding, Concept, Layer } from '../core/library.js';
import type { Crosswalk, CrosswalkPair, StatedMapping } from '../core/terminology-index.js';
import type { RunStatement } from '../store/connection.js';
import type { KeptAnswers } from './kept-answers.js';
import { keptByCoding } from './kept-answers.js';
import type { ConceptRow, FoundRow } from './rows.js';
import { answersByKey, toConcepts } from './rows.js';

type StatedRow = Omit<StatedMapping, 'article' | 'sensitivity'> & {
  readonly layer: Layer;
  readonly article: string;
  readonly sensitivity: StatedMapping['sensitivity'] | null;
};

interface CrosswalkRow extends Coding {
  readonly targetSystem: CodeSystemId;
  readonly targetCode: string;
  readonly relationship: Crosswalk['relationship'];
}

function toCrosswalk({ system, code, targetSystem, targetCode, relationship }: CrosswalkRow): Crosswalk {
  return { from: { system, code }, to: { system: targetSystem, code: targetCode }, relationship };
}

/** Whole code systems, mapping files and crosswalks of a library. */
export class StoredTerminology {
  readonly #run: RunStatement;
  readonly #children = keptByCoding<Concept>((codings) =>
    answersByKey(codings, codingKey, this.#run<ConceptRow & FoundRow>('find-children', codings), toConcepts),
  );
  readonly #crosswalks = { from: this.#keepCrosswalks('from'), to: this.#keepCrosswalks('to') };

  constructor(run: RunStatement) {
    this.#run = run;
  }

  #keepCrosswalks(end: 'from' | 'to'): KeptAnswers<Coding, Crosswalk> {
    return keptByCoding((codings) => {
      const rows = this.#run<CrosswalkRow & FoundRow>(`find-crosswalks-${end}`, codings);
      return answersByKey(codings, codingKey, rows, (found) => found.map(toCrosswalk));
    });
  }

  /** Another release says something else. */
  forget(): void {
    for (const kept of [this.#children, this.#crosswalks.from, this.#crosswalks.to]) kept.forget();
  }

  listCodes(system: CodeSystemId, after: string, most: number): Coding[] {
    return this.#run<Coding>('list-codes', { system, after, most });
  }

  /** Codes right below a code in any release, as the library knows them. */
  findChildren(coding: Coding): readonly Concept[] {
    return this.#children.findOne(coding);
  }

  listMappings(system: CodeSystemId, after: string, most: number): StatedMapping[] {
    const rows = keepTopLayer(this.#run<StatedRow>('list-mappings', { system, after, most }));
    return rows.map(({ code, article, relationship, rank, sensitivity, origin, note }) => ({
      system,
      code,
      article: article === '' ? undefined : article,
      relationship,
      rank,
      sensitivity: sensitivity ?? undefined,
      origin,
      note,
    }));
  }

  listCrosswalkPairs(): CrosswalkPair[] {
    const rows = this.#run<{ system: CodeSystemId; targetSystem: CodeSystemId }>('list-crosswalk-pairs', []);
    return rows.map(({ system, targetSystem }) => ({ from: system, to: targetSystem }));
  }

  listCrosswalks(pair: CrosswalkPair, after: string, most: number): Crosswalk[] {
    return this.#run<CrosswalkRow>('list-crosswalks', { ...pair, after, most }).map(toCrosswalk);
  }

  findCrosswalks({ system, code }: Coding, end: 'from' | 'to'): Crosswalk[] {
    return [...this.#crosswalks[end].findOne({ system, code })];
  }
}
