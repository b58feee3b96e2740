import type { CrosswalkFacts } from '../build/source.js';
import { normalizeCode } from '../core/codes/normalize-code.js';
import { getOrAdd } from '../core/remember.js';
import { type ImportLog, type InputFile, SILENT_LOG } from './import-source.js';
import { ConceptGraph, type PagesOfRow } from './read/concept-graph.js';
import { copyCell } from './read/read-text.js';
import { readColumns, type ColumnRow } from './read/read-columns.js';

/** A file of a release (Release File Specifications, RF2): its name pattern and columns. */
export interface Rf2Kind {
  readonly pattern: RegExp;
  readonly wanted: string;
  readonly columns: readonly string[];
}

export const createRf2Kind = (pattern: RegExp, wanted: string, columns: string): Rf2Kind => ({
  pattern,
  wanted: `the SNOMED CT ${wanted} snapshot (RF2)`,
  columns: `id effectiveTime active moduleId ${columns}`.split(' '),
});

/** The relationships that a snapshot states. */
export const RELATIONSHIPS = createRf2Kind(
  /^x?sct2_Relationship_Snapshot_/,
  'relationship',
  'sourceId destinationId relationshipGroup typeId characteristicTypeId modifierId',
);
/** The type of the relationship of a concept to one that it is a kind of. */
export const IS_A = '116680003';

/** Reads a snapshot's rows in portions. */
export function readRf2(file: InputFile, { columns }: Rf2Kind, log: ImportLog): AsyncGenerator<readonly ColumnRow[]> {
  return readColumns(file, { separator: '\t', width: columns.length, heading: columns }, log);
}

/** Successors of retired concepts. */
export const ASSOCIATIONS = createRf2Kind(
  /^x?der2_cRefset_(?:Historical)?AssociationSnapshot_/,
  'historical association refset',
  'refsetId referencedComponentId targetComponentId',
);

/** The tops of the hierarchies of what patients have and what is done: what is right below them are classes, not things. */
const ROOTS: ReadonlySet<string> = new Set([
  '138875005', // SNOMED CT Concept
  '404684003', // Clinical finding
  '64572001', // Disease
  '362965005', // Disorder of body system
  '71388002', // Procedure
  '243796009', // Situation with explicit context
  '272379006', // Event
]);

/** Relationships of the concepts that replaced a retired one, by the refset that states it. */
const REPLACEMENTS: Readonly<Partial<Record<string, CrosswalkFacts['relationship']>>> = {
  '900000000000527005': 'equivalent', // SAME AS
  '900000000000526001': 'equivalent', // REPLACED BY
  '900000000000528000': 'broader', // WAS A
  '900000000000523009': 'broader', // POSSIBLY EQUIVALENT TO
};

const toOwnCrosswalk = (from: string, to: string, relationship: CrosswalkFacts['relationship']): CrosswalkFacts => ({
  from: { system: 'snomed-ct', code: from },
  to: { system: 'snomed-ct', code: to },
  relationship,
});

/** Reads what took the place of retired concepts. One with several targets of a kind stays without: which is meant is not stated. */
export async function readReplacements(
  file: InputFile,
  findRow: (code: string) => PagesOfRow,
  log: ImportLog,
): Promise<CrosswalkFacts[]> {
  const byConcept = new Map<string, Map<string, Set<string>>>();
  for await (const rows of readRf2(file, ASSOCIATIONS, log)) {
    for (const { cells } of rows) {
      const [, , active, , refset = '', concept = '', target = ''] = cells;
      if (active !== '1' || REPLACEMENTS[refset] === undefined || findRow(concept) !== undefined) continue;
      if (normalizeCode('snomed-ct', concept) === undefined || normalizeCode('snomed-ct', target) === undefined)
        continue;
      const ofConcept = getOrAdd(byConcept, copyCell(concept), () => new Map<string, Set<string>>());
      getOrAdd(ofConcept, copyCell(refset), () => new Set<string>()).add(copyCell(target));
    }
  }
  return [...byConcept].flatMap(([concept, ofConcept]): CrosswalkFacts[] => {
    for (const [refset, relationship] of Object.entries(REPLACEMENTS)) {
      const [target, ...others] = ofConcept.get(refset) ?? [];
      if (target === undefined || relationship === undefined) continue;
      // A retired concept that is only near a page on a grave subject does not inherit it.
      const isGuess = relationship !== 'equivalent' && findRow(target) === 'grave';
      return others.length > 0 || isGuess ? [] : [toOwnCrosswalk(concept, target, relationship)];
    }
    return [];
  });
}

/** Reads what each concept is a kind of, and yields crosswalks from those without a row to their nearest ancestor with a page. */
export async function* readInherited(
  codes: readonly string[],
  file: InputFile,
  findRow: (code: string) => PagesOfRow,
): AsyncGenerator<CrosswalkFacts> {
  const graph = new ConceptGraph(codes);
  for await (const rows of readRf2(file, RELATIONSHIPS, SILENT_LOG)) {
    for (const { cells } of rows) {
      const [, , active, , source = '', destination = '', , type] = cells;
      if (active === '1' && type === IS_A) graph.addParent(source, destination);
    }
  }
  for (const [code, above] of graph.inherit(findRow, ROOTS)) yield toOwnCrosswalk(code, above, 'broader');
}
