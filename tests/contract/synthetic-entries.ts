import {
  INTERPRETERS,
  TEACH_BACKS,
  type GivenEntry,
  type GivenItem,
  type LanguageCount,
  type LanguageOutcome,
  type RecordPeriod,
  type UseCount,
  type WantedPage,
} from '../../src/core/handing-over/record.js';
import { given, item, numberedId } from './given-entries.js';

export interface SyntheticEntry {
  readonly entry: GivenEntry;
  readonly isError: boolean;
}

/** Numbers of a linear congruential generator (Numerical Recipes): the same in each run. */
function createDice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((state / 4_294_967_296) * sides);
  };
}

const PREFERRED = [undefined, 'en', 'en', 'es', 'es', 'es-MX', 'vi', 'zh-Hant', 'ht'];
/** `undefined`: an entry from before departments were recorded. */
const DEPARTMENTS = [undefined, '5 West', '5 West', 'Emergency', "O'Brien Clinic", 'Clínica "Sur", planta 2'];
const DAY_MS = 86_400_000;

/** Entries of September to November 2026, of all kinds. */
export function synthesize(count: number): SyntheticEntry[] {
  const roll = createDice(20_261_202);
  const pick = <T>(values: readonly T[]): T => values[roll(values.length)] as T;
  return Array.from({ length: count }, (_none, at) => {
    const languagePreferred = pick(PREFERRED);
    const items = Array.from({ length: 1 + roll(3) }, (): GivenItem => {
      const linkedIn = roll(3) === 0 ? languagePreferred : undefined;
      const textDigest = roll(2) === 0 ? 'a'.repeat(64) : undefined;
      return item(`topic-${roll(12)}`, { language: pick(['en', 'es'] as const), textDigest, linkedIn });
    });
    const entry = given({
      id: numberedId(at),
      at: new Date(Date.parse('2026-09-01') + roll(91 * DAY_MS)).toISOString(),
      items,
      department: pick(DEPARTMENTS),
      languagePreferred,
      interpreter: pick(INTERPRETERS),
      teachBack: pick(TEACH_BACKS),
    });
    return { entry, isError: roll(20) === 0 };
  });
}

/** The same fields in the order of their names. */
export const sortFields = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));

const listValid = (entries: readonly SyntheticEntry[], { from, to }: RecordPeriod): GivenEntry[] =>
  entries.flatMap(({ entry, isError }) => (!isError && entry.at >= from && entry.at < to ? entry : []));

function judge({ language, textDigest, linkedIn }: GivenItem, preferred: string): LanguageOutcome {
  if (preferred.split('-')[0] === language) return textDigest === undefined ? 'link' : 'text';
  return preferred !== '' && linkedIn === preferred ? 'link' : 'other';
}

/** Counts as `HandedOverRecord.countArticles`, entry by entry. */
export function countArticlesPlainly(entries: readonly SyntheticEntry[], period: RecordPeriod): UseCount[] {
  const counts = new Map<string, UseCount>();
  for (const { department = '', items } of listValid(entries, period)) {
    for (const { article, title, language } of items) {
      const key = [department, article, language].join('\n');
      counts.set(key, { department, article, title, language, given: (counts.get(key)?.given ?? 0) + 1 });
    }
  }
  return [...counts.values()];
}

/** Counts as `HandedOverRecord.countLanguages`, entry by entry. */
export function countPlainly(entries: readonly SyntheticEntry[], period: RecordPeriod): LanguageCount[] {
  const counts = new Map<string, LanguageCount>();
  for (const { items, department = '', languagePreferred = '', interpreter, teachBack } of listValid(entries, period)) {
    const judged = items.map((one) => judge(one, languagePreferred));
    const outcome = judged.includes('other') ? 'other' : judged.includes('link') ? 'link' : 'text';
    const of = { department, language: languagePreferred.toLowerCase(), outcome, interpreter, teachBack } as const;
    const key = JSON.stringify(of);
    counts.set(key, { ...of, handovers: (counts.get(key)?.handovers ?? 0) + 1 });
  }
  return [...counts.values()];
}

/** Lists as `HandedOverRecord.listWanted`, entry by entry. */
export function listWantedPlainly(
  entries: readonly SyntheticEntry[],
  period: RecordPeriod,
  least: number,
): WantedPage[] {
  const counts = new Map<string, WantedPage>();
  for (const { items, languagePreferred = '' } of listValid(entries, period)) {
    if (languagePreferred === '') continue;
    const other = items.filter((one) => judge(one, languagePreferred) === 'other');
    for (const article of new Set(other.map((one) => one.article))) {
      const language = languagePreferred.toLowerCase();
      const key = `${article} ${language}`;
      counts.set(key, {
        article,
        title: `Title of ${article}`,
        language,
        handovers: (counts.get(key)?.handovers ?? 0) + 1,
      });
    }
  }
  return [...counts.values()].filter(({ handovers }) => handovers >= least);
}
