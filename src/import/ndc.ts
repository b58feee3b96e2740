import type { DrugRoute } from '../core/drugs/drug-name.js';
import { bindNames, drugNameCandidates, normalizeIngredients, findDrugRoute } from '../core/drugs/drug-name.js';
import { normalizeCode } from '../core/codes/normalize-code.js';
import type { CrosswalkFacts } from '../build/source.js';
import type { ImportLog, ImportSource, InputFile, RowPortions } from './import-source.js';
import { findNewestDay, findOneFile } from './import-source.js';
import { splitList, toCodeRows } from './read/code-rows.js';
import { findPlaces } from './read/read-csv.js';
import { readNumbered } from './read/read-lines.js';

const PRODUCT_COLUMNS = [
  'PRODUCTID',
  'PROPRIETARYNAME',
  'PROPRIETARYNAMESUFFIX',
  'NONPROPRIETARYNAME',
  'DOSAGEFORMNAME',
  'ROUTENAME',
  'SUBSTANCENAME',
  'ACTIVE_NUMERATOR_STRENGTH',
  'ACTIVE_INGRED_UNIT',
] as const;
const PACKAGE_COLUMNS = ['PRODUCTID', 'NDCPACKAGECODE', 'NDC_EXCLUDE_FLAG'] as const;

type Row<Column extends string> = Readonly<Record<Column, string>>;
type ProductRow = Row<(typeof PRODUCT_COLUMNS)[number]>;

interface Product {
  readonly title: string;
  readonly names: readonly string[];
  /** Empty for a product named after its ingredients. */
  readonly brand: string;
  /** Names of the brand and of the ingredients with their route, the most specific first; empty if unclear. */
  readonly brandNames: readonly string[];
  readonly drugNames: readonly string[];
}

async function* readTable<const Column extends string>(
  file: InputFile,
  columns: readonly Column[],
  log: ImportLog,
): AsyncGenerator<readonly { readonly cells: Row<Column>; readonly line: number }[]> {
  let places: readonly [string, number][] | undefined;
  let width = 0;
  for await (const lines of readNumbered(file, log, { orElse: 'windows-1252' })) {
    const rows: { cells: Row<Column>; line: number }[] = [];
    for (const { text, line } of lines) {
      const cells = text.split('\t');
      if (!places) {
        places = findPlaces(file, columns, cells, ': not a file of the NDC directory');
        width = cells.length;
      } else if (cells.length === width) {
        const named = places.map(([column, place]) => [column, cells[place]?.trim() ?? '']);
        rows.push({ cells: Object.fromEntries(named) as Row<Column>, line });
      } else log.reject(file.label, line, `${cells.length} columns instead of ${width}`);
    }
    yield rows;
  }
}

/** `10; 12.5` and `mg/1; mg/1` → `10 mg / 12.5 mg`. */
function formatStrength({ ACTIVE_NUMERATOR_STRENGTH: strengths, ACTIVE_INGRED_UNIT: units }: ProductRow): string {
  const unitList = splitList(units);
  return splitList(strengths)
    .map((strength, index) => `${strength} ${(unitList[index] ?? '').replace(/\/1$/, '')}`.trim())
    .join(' / ');
}

/**
 * All ingredients. Pages use the name on the label (`conjugated estrogens`); if it leaves out some of the substances,
 * all of them are the name, so that a combination never matches the page of one ingredient.
 */
function findIngredients({ NONPROPRIETARYNAME: name, SUBSTANCENAME: substances }: ProductRow): string {
  const list = splitList(substances);
  const written = list.length > 1 ? name.replace(/[,;&]|\bwith\b/gi, ' / ') : name;
  const named = normalizeIngredients(written);
  const whole = normalizeIngredients(list.join(' / '));
  const [parts, all] = [named.split(' / '), whole.split(' / ')];
  return parts.length < all.length && parts.every((part) => all.includes(part)) ? whole : named;
}

/** One of a product's routes. A tablet counts as oral only if FDA states it; an unknown route remains as written. */
function toRoute(route: string, form: string): DrugRoute {
  const statedRoute = findDrugRoute(`${route} ${form}`);
  const isSure = statedRoute.route !== undefined && (!statedRoute.isByMouth || findDrugRoute(route).isByMouth);
  return isSure ? statedRoute : { route: route.toLowerCase(), isByMouth: false };
}

/** A name with the product's routes; empty if it has several routes that have their own pages. */
function bindByRoutes(name: string, { ROUTENAME: routes, DOSAGEFORMNAME: form }: ProductRow): readonly string[] {
  const statedRoutes = splitList(routes).map((route) => toRoute(route, form));
  const [names = [], ...others] = statedRoutes.map((route) => bindNames(name, route));
  if (others.every(([first]) => first === names[0])) return names;
  return statedRoutes.every(({ isByMouth }) => isByMouth) ? [name] : [];
}

/** The brand's name; empty if the label only repeats an ingredient, which may be one of several. */
function findBrand(proprietary: string, ingredients: string): string {
  const plain = normalizeIngredients(proprietary);
  if (plain === ingredients || ingredients.split(' / ').includes(plain)) return '';
  return drugNameCandidates(proprietary)[0] ?? '';
}

function toProduct(row: ProductRow): Product {
  const { PROPRIETARYNAME: name, PROPRIETARYNAMESUFFIX: suffix, NONPROPRIETARYNAME: generic } = row;
  const proprietary = `${name} ${suffix}`.trim();
  const isGeneric = proprietary.toLowerCase() === generic.toLowerCase() || generic === '';
  const form = `${row.DOSAGEFORMNAME}, ${splitList(row.ROUTENAME).join(', ')}`.toLowerCase().replace(/^, |, $/g, '');
  const title = [isGeneric ? proprietary : `${proprietary} (${generic})`, formatStrength(row), form];
  const ingredients = findIngredients(row);
  const brand = findBrand(proprietary, ingredients);
  return {
    title: title.filter((part) => part !== '').join(' '),
    names: isGeneric ? [] : [proprietary, generic].filter((other) => other !== ''),
    brand,
    brandNames: bindByRoutes(brand, row),
    drugNames: bindByRoutes(ingredients, row),
  };
}

/**
 * Builds crosswalks from products to names: to the brand's, which may have a page, or none on purpose, where its
 * ingredient has another; from there to the ingredients' with their route, and for oral products on to the bare one.
 */
class NameTrails {
  /** Brands that also have non-oral products: their bare name may mean one of these. */
  readonly #hasOtherRoute: ReadonlySet<string>;
  /** Crosswalks from a name to the next; a brand of several drugs (`allergy relief`) has several. */
  readonly #behind = new Map<string, Set<string>>();

  constructor(products: readonly Product[]) {
    this.#hasOtherRoute = new Set(products.flatMap(({ brand, brandNames }) => (brandNames.length === 1 ? brand : [])));
    for (const product of products) {
      const [name, bareName] = product.drugNames;
      const brandName = this.#findBrandName(product);
      if (name === undefined) continue;
      if (brandName !== undefined) this.#lead(brandName, name);
      if (bareName !== undefined) this.#lead(name, bareName);
    }
  }

  #lead(from: string, to: string): void {
    if (from !== to) this.#behind.set(from, (this.#behind.get(from) ?? new Set<string>()).add(to));
  }

  #findBrandName({ brand, brandNames }: Product): string | undefined {
    const [bound, bare] = brandNames;
    return this.#hasOtherRoute.has(brand) ? bound : (bare ?? bound);
  }

  /** The name that a product's crosswalk leads to. */
  findFirstName(product: Product): string | undefined {
    const brandName = this.#findBrandName(product);
    const isOneDrug = brandName !== undefined && this.#behind.get(brandName)?.size === 1;
    return isOneDrug ? brandName : product.drugNames[0];
  }

  buildCrosswalks(): CrosswalkFacts[] {
    const toName = (code: string) => ({ system: 'drug-name', code }) as const;
    return [...this.#behind].flatMap(([from, [to, ...others]]) =>
      to === undefined || others.length > 0 ? [] : [{ from: toName(from), to: toName(to), relationship: 'broader' }],
    );
  }
}

async function* readDirectory(products: InputFile, packages: InputFile, log: ImportLog): RowPortions {
  const date = findNewestDay([products, packages]);
  log.release({ version: date, date, complete: [] });
  const known = new Map<string, Product>();
  for await (const rows of readTable(products, PRODUCT_COLUMNS, log)) {
    for (const { cells } of rows) known.set(cells.PRODUCTID, toProduct(cells));
  }
  const trails = new NameTrails([...known.values()]);
  yield { crosswalks: trails.buildCrosswalks() };
  yield* toCodeRows(readTable(packages, PACKAGE_COLUMNS, log), ({ cells, line }, { concepts, crosswalks }) => {
    const code = normalizeCode('ndc', cells.NDCPACKAGECODE);
    const product = known.get(cells.PRODUCTID);
    if (code === undefined || !product) {
      const fault = product ? `${cells.NDCPACKAGECODE} is not an NDC` : `no product ${cells.PRODUCTID}`;
      log.reject(packages.label, line, fault);
      return;
    }
    const { title, names } = product;
    const active = !/^[IEY]$/.test(cells.NDC_EXCLUDE_FLAG);
    concepts.push({ system: 'ndc', code, title, parent: undefined, billable: undefined, active, names });
    const name = trails.findFirstName(product);
    if (name === undefined) return;
    const to = { system: 'drug-name', code: name } as const;
    crosswalks.push({ from: { system: 'ndc', code }, to, relationship: 'broader' });
  });
}

/**
 * FDA's National Drug Code Directory: packages with the names of their products, which lead to a drug's page by name,
 * by the product's route and with all of its ingredients.
 * @see https://www.fda.gov/drugs/drug-approvals-and-databases/national-drug-code-directory, "NDC database file – Text
 * version"
 */
export const ndc: ImportSource = {
  name: 'ndc',
  description: "NDC: FDA's directory (ndctext.zip with product.txt and package.txt)",
  read: (files, log) =>
    readDirectory(
      findOneFile(files, /^product\.txt$/i, "the NDC directory's product.txt"),
      findOneFile(files, /^package\.txt$/i, "the NDC directory's package.txt"),
      log,
    ),
};
