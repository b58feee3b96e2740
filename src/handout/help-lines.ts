import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Article } from '../core/article.js';

const LINES = ['emergency', 'suicide', 'poison'] as const;
/** A line of help; its text is in resources/i18n under `handout.help`. */
export type HelpLine = (typeof LINES)[number];

/** When a line of help is printed: for articles of which a fact has a value; without a fact always. */
interface HelpRow {
  readonly line: HelpLine;
  readonly fact: '' | 'kind' | 'sensitivity' | 'group';
  readonly value: string;
}

type Facts = Pick<Article, 'kind' | 'sensitivity' | 'groups'>;

const FACTS: Readonly<Record<Exclude<HelpRow['fact'], ''>, (article: Facts) => readonly (string | undefined)[]>> = {
  kind: ({ kind }) => [kind],
  sensitivity: ({ sensitivity }) => [sensitivity],
  group: ({ groups }) => groups,
};

/** Chooses the lines of help that fit what a handout is about, by resources/handout/help-lines.csv. */
export class HelpLines {
  readonly #rows: readonly HelpRow[];

  /** @throws Error where the file is absent, no CSV, or names a line that has no text: it is part of the program */
  constructor(resourcesDir: string) {
    const content = readFileSync(join(resourcesDir, 'handout', 'help-lines.csv'));
    this.#rows = parse(content, { columns: true }) as unknown as HelpRow[];
    const unknown = this.#rows.find(({ line }) => !LINES.includes(line));
    if (unknown) throw new Error(`help-lines.csv names a line without a text: ${unknown.line}`);
  }

  /** The names of the lines, in their order, each once. */
  choose(articles: readonly Facts[]): HelpLine[] {
    const fits = ({ fact, value }: HelpRow): boolean =>
      fact === '' || articles.some((article) => FACTS[fact](article).includes(value));
    return [...new Set(this.#rows.filter(fits).map(({ line }) => line))];
  }
}
