import { readDataFile } from '../core/read-data-file.js';

/** A chapter of ICD-10-CM: the nearest thing to a body system that every release has. */
export interface Chapter {
  /** Its number; its plain name is in resources/i18n under `page.chapters`. */
  readonly key: string;
  /** The first and the last category. */
  readonly from: string;
  readonly to: string;
}

/** ICD-10-CM's chapters, without those that name no part or state of the body (20, external causes; 22, special purposes). */
export const CHAPTERS = readDataFile('code-systems/icd-10-cm-chapters.yaml') as readonly Chapter[];

/** The chapter of an ICD-10-CM code; undefined where it is in none of these. */
export function findChapter(code: string): Chapter | undefined {
  const category = code.slice(0, 3);
  return CHAPTERS.find(({ from, to }) => from <= category && category <= to);
}
