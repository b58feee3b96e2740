import { listTruncations } from '../codes/code-hierarchy.js';
import { listConceptNames, type Concept } from '../codes/concept.js';
import type { Resolved } from '../codes/resolve-coding.js';
import { listNames } from '../model/article.js';
import { isGraveTitle, namesGraveSubject } from '../policy/grave-subjects.js';
import { toReadable, type JudgedBy } from './find-named.js';
import { isInitials, isPlainName } from './plain-words.js';
import { findCategory, type TitleDoubt } from './title-doubt.js';
import type { TitleFacts } from './title-facts.js';

/** Names of a code by ICD's titles and index, or of the nearest code above it that has any. */
function listIndexNames({ coding: { system }, code }: Resolved, { codeNames }: TitleFacts): readonly string[] {
  if (system !== 'icd-10-cm' || code === undefined) return [];
  for (const above of listTruncations({ system, code })) {
    const names = codeNames.list(above.code);
    if (names.length > 0) return names;
  }
  return [];
}

/** Names of codes for what is not there, and such words in a title. */
const OF_ABSENCE = /absen|agenes|atresi|aplas|aphak|asymptom|anodont|amenorr|agalact|aphon|anhedon|anosm|anuri/i;

/**
 * True if a title that no page has confirmed is an everyday name of its code by any of the code's names in ICD-10: in plain words, clipped, or by its
 * initials. Reads the whole table of names: for titles that would else be rejected.
 */
export function isNameByIndex(doubt: TitleDoubt, own: readonly Concept[], { facts, readings }: JudgedBy): boolean {
  const { title, finding, pages, defining, elsewhere, statement } = doubt;
  if (elsewhere || findCategory(finding.best) === undefined) return false;
  const keys = listIndexNames(finding.best, facts);
  const names = [...own.flatMap(listConceptNames), ...defining.flatMap(listNames)];
  const written = readings.get(toReadable(title))?.written ?? [];
  // No likeness of words is enough for a page on a grave subject that the title does not name.
  const whole = [title, ...written].join(' ');
  if (pages.some((page) => !namesGraveSubject(whole, page))) return false;
  if (isGraveTitle([title]) && !isGraveTitle([...keys, ...names])) return false;
  const all = [...keys, ...names];
  if (statement === 'negated')
    return (
      !OF_ABSENCE.test(title) &&
      isPlainName(
        title,
        all.filter((name) => OF_ABSENCE.test(name)),
        written,
      )
    );
  return isGraveTitle([title])
    ? isPlainName(title, all)
    : isPlainName(title, all, written) || isInitials(title, names, keys);
}
