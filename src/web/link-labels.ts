import { readDataFile } from '../core/read-data-file.js';
import { readOnce } from '../core/read-once.js';

/** The words around a link to a page in a further language, in that language. */
export interface LinkLabels {
  /** BCP 47. */
  readonly language: string;
  /** Before the link to a page in that language. */
  readonly read: string;
  /** Before the link to a page that lists many languages. */
  readonly others: string;
  /** How a phone scans a code. */
  readonly scan: string;
}

/** Returns the language and script of a well-formed tag, by which labels are found: `zh` is written as `zh-Hans` is. */
function buildKey(tag: string): string {
  const { language, script = '' } = new Intl.Locale(tag).maximize();
  return `${language}-${script}`;
}

const LABELS = readOnce({
  all: () => {
    const rows = readDataFile('handout/link-labels.yaml') as Readonly<Record<string, Omit<LinkLabels, 'language'>>>;
    return new Map(Object.entries(rows).map(([language, words]) => [buildKey(language), { ...words, language }]));
  },
});

/** Returns the labels of a language (BCP 47); undefined if it has none, or the tag is not well-formed. */
export function findLinkLabels(tag: string | undefined): LinkLabels | undefined {
  if (tag === undefined) return undefined;
  try {
    return LABELS.all.get(buildKey(tag));
  } catch {
    return undefined;
  }
}
