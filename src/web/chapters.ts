/** A chapter of ICD-10-CM: the nearest thing to a body system that every release has. */
export interface Chapter {
  /** Its number; its plain name is in resources/i18n under `page.chapters`. */
  readonly key: string;
  /** The first and the last category. */
  readonly from: string;
  readonly to: string;
}

/** ICD-10-CM's chapters, without those that name no part or state of the body (20, external causes; 22, special purposes). */
export const CHAPTERS: readonly Chapter[] = [
  { key: '9', from: 'I00', to: 'I99' },
  { key: '10', from: 'J00', to: 'J99' },
  { key: '11', from: 'K00', to: 'K95' },
  { key: '4', from: 'E00', to: 'E89' },
  { key: '13', from: 'M00', to: 'M99' },
  { key: '6', from: 'G00', to: 'G99' },
  { key: '5', from: 'F01', to: 'F99' },
  { key: '7', from: 'H00', to: 'H59' },
  { key: '8', from: 'H60', to: 'H95' },
  { key: '12', from: 'L00', to: 'L99' },
  { key: '14', from: 'N00', to: 'N99' },
  { key: '3', from: 'D50', to: 'D89' },
  { key: '2', from: 'C00', to: 'D49' },
  { key: '1', from: 'A00', to: 'B99' },
  { key: '15', from: 'O00', to: 'O9A' },
  { key: '16', from: 'P00', to: 'P96' },
  { key: '17', from: 'Q00', to: 'QA0' },
  { key: '18', from: 'R00', to: 'R99' },
  { key: '19', from: 'S00', to: 'T88' },
  { key: '21', from: 'Z00', to: 'Z99' },
];

/** The chapter of an ICD-10-CM code; undefined where it is in none of these. */
export function findChapter(code: string): Chapter | undefined {
  const category = code.slice(0, 3);
  return CHAPTERS.find(({ from, to }) => from <= category && category <= to);
}
