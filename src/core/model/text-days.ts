/** Number of the texts of a day that are shown in full. */
export interface TextsOfDay {
  /** ISO 8601. */
  readonly day: string;
  readonly count: number;
}

/** Counts days, the earliest first. */
export function countDays(days: Iterable<string>): TextsOfDay[] {
  const counts = new Map<string, number>();
  for (const day of days) counts.set(day, (counts.get(day) ?? 0) + 1);
  return [...counts].map(([day, count]) => ({ day, count })).sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** Whether a text is more than twelve months old: its publisher is likely to have another by now. @param today ISO 8601 */
export function isOldText(day: string, today: string): boolean {
  const [year = '', ...rest] = today.slice(0, 10).split('-');
  return day < [String(Number(year) - 1), ...rest].join('-');
}

/** Age of texts: their number, their days, and the number that are more than twelve months old. Undefined if there are none. */
export function describeAge(texts: readonly TextsOfDay[], today: string) {
  const [first, last] = [texts[0], texts.at(-1)];
  if (!first || !last) return undefined;
  const addUp = (of: readonly TextsOfDay[]): number => of.reduce((sum, { count }) => sum + count, 0);
  const old = addUp(texts.filter(({ day }) => isOldText(day, today)));
  return { count: addUp(texts), oldest: first.day, newest: last.day, old };
}
