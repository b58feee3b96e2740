import type { Coding, ConceptMap, ConceptMapGroup } from '@medplum/fhirtypes';
import type { Equivalence } from '../definitions.js';
import { toCanonical, splitCanonical } from '../systems/term-system.js';
import { dropEmpty } from '../../syntax/drop-empty.js';

/** A translation of a code. */
export interface TranslationMatch {
  readonly equivalence: Equivalence;
  /** Undefined if the map states that there is none. */
  readonly concept: Coding | undefined;
  readonly comment: string | undefined;
  /** Canonical address of the map that states it. */
  readonly source: string | undefined;
}

export interface Translation {
  readonly coding: Coding;
  readonly isReverse: boolean;
  /** The system that is wanted on the other side; undefined: any. */
  readonly targetSystem: string | undefined;
}

const INVERSE: Readonly<Partial<Record<Equivalence, Equivalence>>> = {
  wider: 'narrower',
  narrower: 'wider',
  subsumes: 'specializes',
  specializes: 'subsumes',
};

/** Returns the equivalence in the other direction. */
export const invert = (equivalence: Equivalence): Equivalence => INVERSE[equivalence] ?? equivalence;

const isSystem = (canonical: string | undefined, wanted: string | undefined): boolean =>
  wanted === undefined || splitCanonical(canonical ?? '').url === splitCanonical(wanted).url;

const toCoding = (system: string | undefined, code: string, display: string | undefined): Coding =>
  dropEmpty({ system: system || undefined, code, display: display || undefined });

/** A translation by one group of a map. */
type GroupMatch = Omit<TranslationMatch, 'source'>;

function translateForward(group: Partial<ConceptMapGroup>, wanted: string | undefined): GroupMatch[] {
  const element = group.element?.find(({ code }) => code === wanted);
  return (element?.target ?? []).map(({ code, display, equivalence, comment }) => ({
    equivalence,
    concept: code === undefined ? undefined : toCoding(group.target, code, display),
    comment,
  }));
}

function translateBackward(group: Partial<ConceptMapGroup>, wanted: string | undefined): GroupMatch[] {
  return (group.element ?? []).flatMap(({ code, display, target = [] }) =>
    target
      .filter((one) => one.code === wanted && code !== undefined)
      .map(({ equivalence, comment }) => ({
        equivalence: invert(equivalence),
        concept: toCoding(group.source, code ?? '', display),
        comment,
      })),
  );
}

/** The translations that a map resource holds (R4 ConceptMap). */
export function translateWith(map: ConceptMap, translation: Translation): TranslationMatch[] {
  const { coding, isReverse, targetSystem } = translation;
  const source = map.url === undefined ? undefined : toCanonical(map.url, map.version);
  return (map.group ?? []).flatMap((group) => {
    const [from, to] = isReverse ? [group.target, group.source] : [group.source, group.target];
    if (!isSystem(from, coding.system) || !isSystem(to, targetSystem)) return [];
    const found = isReverse ? translateBackward(group, coding.code) : translateForward(group, coding.code);
    return found.map((match) => ({ ...match, source }));
  });
}
