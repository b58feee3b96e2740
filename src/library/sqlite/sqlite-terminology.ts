import type Database from 'better-sqlite3';
import type { CodeSystemId } from '../../core/code-systems.js';
import { keepTopLayer } from '../../core/layers.js';
import type { Coding, Layer } from '../../core/library.js';
import type { Crosswalk, CrosswalkPair, StatedMapping } from '../../core/terminology-index.js';
import type { Ask, RunStatement } from './sqlite-search.js';
import { readStatement } from './statements.js';

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

/** Whole code systems, mapping files and crosswalks of the embedded library. */
export class SqliteTerminology {
  readonly #run: RunStatement;
  readonly #countConcepts: Database.Statement<[Ask], { system: CodeSystemId; concepts: number }>;
  readonly #listCodes: Database.Statement<[Ask], Coding>;
  readonly #findChildren: Database.Statement<[Ask], Coding>;
  readonly #listMappings: Database.Statement<[Ask], StatedRow>;
  readonly #listPairs: Database.Statement<[Ask], { system: CodeSystemId; targetSystem: CodeSystemId }>;
  readonly #listCrosswalks: Database.Statement<[Ask], CrosswalkRow>;
  readonly #findCrosswalks: Readonly<Record<'from' | 'to', Database.Statement<[Ask], CrosswalkRow>>>;

  constructor(db: Database.Database, resourcesDir: string, run: RunStatement) {
    this.#run = run;
    this.#countConcepts = db.prepare(readStatement(resourcesDir, 'count-concepts'));
    this.#listCodes = db.prepare(readStatement(resourcesDir, 'list-codes'));
    this.#findChildren = db.prepare(readStatement(resourcesDir, 'find-children'));
    this.#listMappings = db.prepare(readStatement(resourcesDir, 'list-mappings'));
    this.#listPairs = db.prepare(readStatement(resourcesDir, 'list-crosswalk-pairs'));
    this.#listCrosswalks = db.prepare(readStatement(resourcesDir, 'list-crosswalks'));
    this.#findCrosswalks = {
      from: db.prepare(readStatement(resourcesDir, 'find-crosswalks-from')),
      to: db.prepare(readStatement(resourcesDir, 'find-crosswalks-to')),
    };
  }

  async countConcepts(): Promise<ReadonlyMap<CodeSystemId, number>> {
    const rows = await this.#run(this.#countConcepts, []);
    return new Map(rows.map(({ system, concepts }) => [system, concepts]));
  }

  listCodes(system: CodeSystemId, after: string, most: number): Promise<Coding[]> {
    return this.#run(this.#listCodes, { system, after, most });
  }

  findChildren(coding: Coding): Promise<Coding[]> {
    return this.#run(this.#findChildren, coding);
  }

  async listMappings(system: CodeSystemId): Promise<StatedMapping[]> {
    const rows = keepTopLayer(await this.#run(this.#listMappings, system));
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

  async listCrosswalkPairs(): Promise<CrosswalkPair[]> {
    const rows = await this.#run(this.#listPairs, []);
    return rows.map(({ system, targetSystem }) => ({ from: system, to: targetSystem }));
  }

  async listCrosswalks(pair: CrosswalkPair): Promise<Crosswalk[]> {
    return (await this.#run(this.#listCrosswalks, pair)).map(toCrosswalk);
  }

  async findCrosswalks({ system, code }: Coding, end: 'from' | 'to'): Promise<Crosswalk[]> {
    return (await this.#run(this.#findCrosswalks[end], { system, code })).map(toCrosswalk);
  }
}
