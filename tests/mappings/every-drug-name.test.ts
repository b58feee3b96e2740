import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { listNames, type Article } from '../../src/core/model/article.js';
import { readDataFile } from '../../src/core/read-data-file.js';
import type { ArticleHit } from '../../src/core/search/search-hit.js';
import type { Understanding } from '../../src/core/words/understanding.js';
import { understandWords } from '../../src/core/words/understand-words.js';
import { foldName } from '../../src/core/words/product-line.js';
import { readVocabulary } from '../../src/read-vocabulary.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { readCsvRows } from '../support/csv-rows.js';
import { describeWithData, read } from '../support/shared-data.js';
import { MAPPINGS } from './tables.js';

/** Names that people mean something else by where they stand alone, or where the page on the drug is of another kind, and why. */
const PLAIN = new Map(
  readCsvRows(readFileSync('tests/mappings/plain-drug-names.csv', 'utf8')).map(({ name = '', reason = '' }) => [
    name.toLowerCase(),
    reason,
  ]),
);

/** A strength and a form, for names that no clinical drug of the list has. */
const ANY_MEASURE = '10 mg tablet';
const LONGEST_MEASURE = 80;

const brandOf = (name: string): string | undefined => /\[([^[\]]+)\]\s*$/.exec(name)?.[1]?.toLowerCase();
/** End of a clinical drug's name: `10 MG Oral Tablet`. */
const measureOf = (name: string): string =>
  (
    /\d[\d.,]* (?:MG|UNT|MEQ|MCG|%)(?:\/[A-Z]+)? [A-Z].*$/.exec(name.replace(/\s*\[[^[\]]*\]\s*$/, ''))?.[0] ??
    ANY_MEASURE
  )
    .replace(/^.* \/ /, '')
    .slice(0, LONGEST_MEASURE);

/** Pages that may be shown for a name: those of the codes of its clinical drugs, and of the rows of its name and its ingredients. */
class OwnPages {
  readonly #ofCode = new Map<string, readonly string[]>();
  readonly #ofRow = new Map<string, string[]>();

  constructor() {
    for (const { articles = '', codes = '' } of readCsvRows(readFileSync('resources/drugs/rxnorm-pages.csv', 'utf8'))) {
      const ids = articles === 'none' ? [] : articles.split('|').map((one) => one.split(':')[0] ?? '');
      for (const code of codes.split(' ')) this.#ofCode.set(code, ids);
    }
    for (const { system, code, article } of MAPPINGS) {
      if (system !== 'drug-name') continue;
      for (const part of code.split(' / ')) this.#add(part, article);
      for (let end = code.length; end > 0; end = code.lastIndexOf(' ', end - 1)) this.#add(code.slice(0, end), article);
    }
  }

  #add(name: string, article: string): void {
    this.#ofRow.set(name, [...(this.#ofRow.get(name) ?? []), article]);
  }

  of(name: string, ingredients: readonly string[], codes: readonly string[]): ReadonlySet<string> {
    const rows = [name, ...ingredients].flatMap((one) => this.#ofRow.get(one.toLowerCase()) ?? []);
    return new Set([...rows, ...codes.flatMap((code) => this.#ofCode.get(code) ?? [])]);
  }
}

interface NamedDrug {
  readonly name: string;
  readonly measure: string;
  readonly pages: ReadonlySet<string>;
}

let connector: TestConnector;
const vocabulary = readVocabulary('resources');
const understand = (query: string): Promise<Understanding> =>
  understandWords({ query, language: 'en', kind: 'article', count: 3 }, connector.library, vocabulary);

/** Articles that a line leads to, offered or found. */
const articlesOf = (understood: Understanding): ArticleHit[] =>
  (understood.kind === 'abbreviation'
    ? understood.readings.flatMap(({ articles }) => articles)
    : understood.hits
  ).filter((hit) => hit.kind === 'article');

/** Whether an article has a name all of whose words a drug's name has: the supplement Slippery Elm, of its bark. */
const isNamedWithin = (article: Article, name: string): boolean =>
  listNames(article).some((one) => ` ${foldName(name)} `.includes(` ${foldName(one)} `));

/** Whether an article is the statement on a vaccine of the germ that a name begins with. */
const isVaccineOf = ({ kind, texts }: Article, name: string): boolean =>
  kind === 'vis' && foldName(texts.en?.title ?? '').startsWith(foldName(name).split(' ')[0] ?? '');

/** CDC's statement of each vaccine, by the pages on that vaccine. */
const STATEMENTS = new Map(
  Object.entries(readDataFile('search/vaccine-statements.yaml') as Record<string, string>).map(
    ([statement, ids]) => [statement, ids.split(' ')] as const,
  ),
);

/** Whether an article is the statement on a vaccine that a judged row, or another page found for the name, is about. */
const isStatementOn = ({ id }: Article, name: string, others: Iterable<string>): boolean => {
  const known = vocabulary.known.find(name, 'en')?.meanings.flatMap(({ articles }) => articles) ?? [];
  const ids = new Set([...known, ...others]);
  return known.includes(id) || STATEMENTS.get(id)?.some((page) => ids.has(page)) === true;
};

/** Fault of the first page of a line; undefined where it is the drug's own, or none. */
function findWrong(query: string, { name, pages }: NamedDrug, understood: Understanding): string | undefined {
  const articles = articlesOf(understood).map(({ article }) => article);
  const [first] = articles;
  if (!first || PLAIN.has(name.toLowerCase())) return undefined;
  const isOffered = understood.kind === 'abbreviation';
  const isOwn = (isOffered ? articles : [first]).every(
    (article) =>
      pages.has(article.id) ||
      isNamedWithin(article, name) ||
      isVaccineOf(article, name) ||
      isStatementOn(article, name, [...pages, ...articles.slice(1).map(({ id }) => id)]),
  );
  return isOwn ? undefined : `${query} → ${understood.kind} ${articles.map(({ id }) => id).join()}`;
}

/** Reads every name in two forms and counts what each finds. */
async function readAll(drugs: readonly NamedDrug[]): Promise<{ wrong: string[]; counts: Record<string, number> }> {
  const counts = { page: 0, choice: 0, none: 0, wrong: 0 };
  const wrong: string[] = [];
  for (const drug of drugs) {
    for (const query of [drug.name, `${drug.name.toLowerCase()} ${drug.measure}`]) {
      const understood = await understand(query);
      const found = findWrong(query, drug, understood);
      if (found !== undefined) wrong.push(found);
      const kind = understood.kind === 'abbreviation' ? 'choice' : understood.hits.length > 0 ? 'page' : 'none';
      counts[found === undefined ? kind : 'wrong'] += 1;
    }
  }
  return { wrong, counts };
}

describeWithData('rxnorm', 'every drug’s name, alone, and in small letters with a strength and a form', () => {
  const pages = new OwnPages();
  let brands: NamedDrug[] = [];
  let ingredients: NamedDrug[] = [];

  beforeAll(async () => {
    connector = await startConnector();
    const clinical = read('rxnorm/clinical_drugs_2026-07.csv.gz').map(({ rxcui = '', name = '', ...row }) => ({
      ...{ rxcui, name, brand: brandOf(name) ?? '' },
      ingredients: (row['ingredients_derived'] ?? '').split('|'),
    }));
    const [ofBrand, ofIngredient] = [new Map<string, typeof clinical>(), new Map<string, typeof clinical>()];
    for (const drug of clinical) {
      for (const one of drug.ingredients) ofIngredient.set(one, [...(ofIngredient.get(one) ?? []), drug]);
      ofBrand.set(drug.brand, [...(ofBrand.get(drug.brand) ?? []), drug]);
    }
    const toNamed = (name: string, own: readonly string[], drugs: typeof clinical): NamedDrug => ({
      name,
      measure: measureOf(drugs[0]?.name ?? ''),
      pages: pages.of(
        name,
        [...own, ...drugs.flatMap((drug) => drug.ingredients)],
        drugs.map(({ rxcui }) => rxcui),
      ),
    });
    brands = read('rxnorm/brands_2026-05.csv.gz').map(({ name = '', ingredient = '' }) =>
      toNamed(name, [ingredient], ofBrand.get(name.toLowerCase()) ?? []),
    );
    ingredients = [...ofIngredient].map(([name, drugs]) => toNamed(name, [], drugs));
  });
  afterAll(() => connector.stop());

  test.each(['brands', 'ingredients'] as const)('%s lead to no other thing’s page', async (kind) => {
    const drugs = kind === 'brands' ? brands : ingredients;
    const { wrong, counts } = await readAll(drugs);
    process.stdout.write(`${kind}: ${drugs.length} names in two forms: ${JSON.stringify(counts)}\n`);
    expect(drugs.length).toBeGreaterThan(3000);
    expect(wrong).toEqual([]);
  });
});
