import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Article } from '../core/model/article.js';

const LINES = ['emergency', 'suicide', 'poison'] as const;
/** A help line; its text is in resources/i18n under `handout.help`. */
export type HelpLine = (typeof LINES)[number];

/** When a help line is printed: for articles with a value of a fact; without a fact always. */
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

/** Chooses the help lines for a handout's subjects from resources/handout/help-lines.csv. */
export class HelpLines {
  readonly #rows: readonly HelpRow[];

  /** @throws Error if the file is missing, not CSV, or has a line without a text: it is part of the program */
  constructor(resourcesDir: string) {
    const content = readFileSync(join(resourcesDir, 'handout', 'help-lines.csv'));
    this.#rows = parse(content, { columns: true }) as unknown as HelpRow[];
    const unknown = this.#rows.find(({ line }) => !LINES.includes(line));
    if (unknown) throw new Error(`help-lines.csv names a line without a text: ${unknown.line}`);
  }

  /** The names of the lines, in order, each once. */
  choose(articles: readonly Facts[]): HelpLine[] {
    const fits = ({ fact, value }: HelpRow): boolean =>
      fact === '' || articles.some((article) => FACTS[fact](article).includes(value));
    return [...new Set(this.#rows.filter(fits).map(({ line }) => line))];
  }
}
