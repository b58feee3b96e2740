import type { LibraryRows, TextFacts } from '../../build/source.js';

/** Maximum articles shown on a screen; a file lists all. */
const MAX_LISTED = 100;

const buildKey = ({ article, language }: TextFacts): string => `${article} (${language})`;

/** A summary as sentences without markup, for a person to approve. */
function splitSentences(html = ''): string[] {
  const text = html
    .replace(/<\/(p|li|h\d|ul)>/g, '\n')
    .replace(/<[^<>]*>/g, '')
    .replace(/&amp;/g, '&')
    .replace(/&nbsp;/g, ' ');
  return text
    .split(/\n|(?<=[.!?]) +(?=[\p{Lu}¿¡])/u)
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim())
    .filter((sentence) => sentence !== '');
}

function formatSummary(before: string | undefined, after: string | undefined): string[] {
  const [old, fresh] = [splitSentences(before), splitSentences(after)];
  const [known, wanted] = [new Set(old), new Set(fresh)];
  return [
    ...old.filter((sentence) => !wanted.has(sentence)).map((sentence) => `    - ${sentence}`),
    ...fresh.filter((sentence) => !known.has(sentence)).map((sentence) => `    + ${sentence}`),
  ];
}

function formatChange(before: TextFacts, after: TextFacts): string[] {
  const fields: readonly (readonly [name: string, old: string, fresh: string])[] = [
    ['title', before.title ?? '', after.title ?? before.title ?? ''],
    ['address', before.url ?? '', after.url ?? before.url ?? ''],
  ];
  const changed = fields
    .filter(([, old, fresh]) => old !== fresh)
    .map(([name, old, fresh]) => `    ${name}: ${old} → ${fresh}`);
  const summary = formatSummary(before.summaryHtml, after.summaryHtml);
  return [...changed, ...(summary.length > 0 ? ['    summary:', ...summary] : [])];
}

/** Changes that an import would make to the texts shown to readers. */
export interface TextDiff {
  readonly added: number;
  readonly changed: number;
  readonly withdrawn: number;
  /** A few lines per text. */
  readonly entries: readonly string[];
}

/** Collects an import's texts and compares them with those that it would replace. */
export class TextComparison {
  readonly #before: ReadonlyMap<string, TextFacts>;
  readonly #after = new Map<string, TextFacts>();
  readonly #replacesAll: boolean;

  /**
   * @param before the current texts
   * @param replacesAll whether texts missing in the import are withdrawn: they come from an earlier import of the same
   * source
   */
  constructor(before: readonly TextFacts[], replacesAll: boolean) {
    this.#before = new Map(before.map((text) => [buildKey(text), text]));
    this.#replacesAll = replacesAll;
  }

  take({ texts }: LibraryRows): void {
    for (const text of texts) this.#after.set(buildKey(text), text);
  }

  diff(): TextDiff {
    const added: string[] = [];
    const changed: string[] = [];
    for (const [key, text] of this.#after) {
      const before = this.#before.get(key);
      if (!before) {
        added.push(
          [`+ ${key} ${text.title ?? ''} ${text.url ?? ''}`, ...formatSummary(undefined, text.summaryHtml)].join('\n'),
        );
        continue;
      }
      const lines = formatChange(before, text);
      if (lines.length > 0) changed.push([`~ ${key} ${text.title ?? before.title ?? ''}`, ...lines].join('\n'));
    }
    const gone = this.#replacesAll ? [...this.#before].filter(([key]) => !this.#after.has(key)) : [];
    const withdrawn = gone.map(([key, text]) => `- ${key} ${text.title ?? ''}`);
    const counts = { added: added.length, changed: changed.length, withdrawn: withdrawn.length };
    return { ...counts, entries: [...withdrawn, ...changed, ...added] };
  }
}

/** The counts of a diff, and its first texts, or all. */
export function formatDiff({ added, changed, withdrawn, entries }: TextDiff, isWhole: boolean): string {
  const listed = isWhole ? entries : entries.slice(0, MAX_LISTED);
  const notListed = entries.length - listed.length;
  const more = notListed > 0 ? [`… and ${notListed} more; --diff <file> lists all`] : [];
  return `${[`texts: ${added} new, ${changed} changed, ${withdrawn} withdrawn`, ...listed, ...more].join('\n')}\n`;
}
