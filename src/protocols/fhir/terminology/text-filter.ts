import type { Member } from './compose.js';

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** A text filter of $expand: every word is in the code or in one of the names, whatever its case and accents. */
export function textFilter(filter: string): (member: Member) => boolean {
  const words = fold(filter).split(/\s+/).filter(Boolean);
  return ({ concept, stated }) => {
    const names = [
      concept.code,
      stated?.display ?? concept.display ?? '',
      ...concept.designations.map(({ value }) => value),
    ];
    const text = fold(names.join('\n'));
    return words.every((word) => text.includes(word));
  };
}
