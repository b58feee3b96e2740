import type { ChartSetting, ChartThresholds, TickedKind } from '../charts/chart-settings.js';
import type { Language } from './language.js';

/** A picture, ready to be sent. */
export interface Logo {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** A department of the house. A member that is undefined is the house's own. */
export interface Department {
  /** Its name in addresses. */
  readonly id: string;
  readonly names: Readonly<Record<Language, string>>;
  /** Ids, references, codes and names by which senders name it, each as `toDepartmentKey` returns it. */
  readonly keys: readonly string[];
  readonly logo: Logo | undefined;
  /** Notice at the end of its handouts. */
  readonly notice: string | undefined;
  /** Language where neither the patient's nor the reader's is known. */
  readonly language: Language | undefined;
  /** English names of the ward lists that it shows, in its order. */
  readonly lists: readonly string[] | undefined;
  /** Maximum pages that are ticked of a chart, for each setting that it names. */
  readonly mostPages: Readonly<Partial<Record<ChartSetting, number>>>;
  /** Kinds of facts whose pages are ticked. */
  readonly ticked: readonly TickedKind[] | undefined;
}

/** Normalizes a name of a department: letter case, blanks and the prefix of a URN do not count. */
export const toDepartmentKey = (sent: string): string =>
  sent
    .trim()
    .replace(/\s+/g, ' ')
    .toLowerCase()
    .replace(/^urn:(?:oid|uuid):/, '');

/** Finds the department that the first known one of several names means; undefined: none is known, and the house's own settings apply. */
export function findDepartment(
  departments: readonly Department[],
  names: readonly (string | undefined)[],
): Department | undefined {
  for (const name of departments.length === 0 ? [] : names) {
    const key = toDepartmentKey(name ?? '');
    const found = key === '' ? undefined : departments.find(({ keys }) => keys.includes(key));
    if (found) return found;
  }
  return undefined;
}

/** Applies the department's rules on what is ticked to the house's. */
export const applyDepartment = (house: ChartThresholds, department: Department | undefined): ChartThresholds =>
  department
    ? { ...house, mostPages: { ...house.mostPages, ...department.mostPages }, ticked: department.ticked }
    : house;
