import { normalizeCode } from '../../core/codes/normalize-code.js';
import type { Label, LabelProduct } from './label.js';

type Attributes = Readonly<Record<string, string>>;
type Draft<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer One)[] ? One[] : T[K] };
/** The facts of a label without its narrative. */
export type LabelFacts = Omit<Label, 'sections'>;

/** HL7 OID of NDC. */
const NDC = '2.16.840.1.113883.6.69';
const DAY = /^(\d{4})(\d{2})(\d{2})/;
const PACKAGED = /^containerPackaged(?:Product|Medicine)$/;
const PRODUCT = /^(?:manufactured|part)(?:Product|Medicine)$/;
const COPYING = /^(?:repack|relabel)$/i;

function toDay(time = ''): string | undefined {
  const [, year, month, day] = DAY.exec(time) ?? [];
  return year === undefined ? undefined : `${year}-${month ?? ''}-${day ?? ''}`;
}

const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();

const createProduct = (): Draft<LabelProduct> => ({
  name: '',
  genericName: '',
  form: '',
  routes: [],
  ingredients: [],
  moieties: [],
  ndcs: [],
  approval: '',
  status: '',
  endsOn: undefined,
});

function addOnce(list: string[], text: string): void {
  if (text !== '' && !list.includes(text)) list.push(text);
}

/**
 * Collects a label's facts from the elements of its document. Paths are the names of the elements from the document to this one.
 */
export class LabelFactsReader {
  #setId = '';
  #version = 0;
  #effectiveOn: string | undefined;
  #type = '';
  #maker = '';
  #hasSource = false;
  #copies = false;
  #makes = false;
  readonly #products: Draft<LabelProduct>[] = [];
  /** Products that are open: a kit's parts are within it. */
  readonly #open: Draft<LabelProduct>[] = [];
  #isActive = false;

  /** @param path ends with the element's own name */
  start(path: readonly string[], attributes: Attributes): void {
    const name = path.at(-1) ?? '';
    const parent = path.at(-2) ?? '';
    if (path.length === 2) this.#startHeader(name, attributes);
    if (isProduct(name, parent)) {
      const product = createProduct();
      this.#open.push(product);
      this.#products.push(product);
    }
    if (name === 'asEquivalentEntity') this.#hasSource = true;
    if (name === 'code' && parent === 'actDefinition') {
      const act = attributes.displayName ?? '';
      if (COPYING.test(act)) this.#copies = true;
      if (/^manufacture$/i.test(act)) this.#makes = true;
    }
    // Routes and marketing follow the product's own element, within the one around it.
    const product = this.#open.at(-1) ?? this.#products.at(-1);
    if (product) this.#startInProduct(product, path, attributes);
  }

  #startHeader(name: string, { root = '', value, displayName = '' }: Attributes): void {
    if (name === 'code') this.#type = squeeze(displayName);
    if (name === 'setId') this.#setId = root.toLowerCase();
    if (name === 'versionNumber') this.#version = Number(value ?? 0);
    if (name === 'effectiveTime') this.#effectiveOn = toDay(value);
  }

  #startInProduct(product: Draft<LabelProduct>, path: readonly string[], attributes: Attributes): void {
    const name = path.at(-1) ?? '';
    const parent = path.at(-2) ?? '';
    const { code = '', codeSystem = '', displayName = '' } = attributes;
    if (name === 'code' && PACKAGED.test(parent) && codeSystem === NDC)
      addOnce(product.ndcs, normalizeCode('ndc', code) ?? '');
    if (name === 'formCode' && isProduct(parent, path.at(-3) ?? '')) product.form = squeeze(displayName);
    if (name === 'routeCode') addOnce(product.routes, squeeze(displayName));
    if (name === 'ingredient') this.#isActive = /^ACTI/.test(attributes.classCode ?? '');
    if (name === 'activeIngredient') this.#isActive = true;
    if (name === 'code' && parent === 'approval') product.approval = squeeze(displayName);
    if (parent === 'marketingAct' || path.at(-3) === 'marketingAct') this.#startMarketing(product, path, attributes);
  }

  /** Only the product's own marketing is read: a package that is no longer sold ends no product. */
  #startMarketing(product: Draft<LabelProduct>, path: readonly string[], { code, value }: Attributes): void {
    const act = path.lastIndexOf('marketingAct');
    if (!/^(?:manufacturedProduct|part)$/.test(path[act - 2] ?? '')) return;
    if (path.at(-1) === 'statusCode') product.status = code ?? '';
    if (path.at(-1) === 'high') product.endsOn = toDay(value);
  }

  text(path: readonly string[], text: string): void {
    if (path.at(-1) !== 'name') return;
    const parent = path.at(-2) ?? '';
    if (path[1] === 'author' && parent === 'representedOrganization') this.#maker += text;
    const product = this.#open.at(-1);
    if (!product) return;
    if (isProduct(parent, path.at(-3) ?? '')) product.name += text;
    else if (parent === 'genericMedicine') product.genericName += text;
    else if (this.#isActive && /^(?:ingredientSubstance|activeIngredientSubstance)$/.test(parent))
      addOnce(product.ingredients, squeeze(text).toLowerCase());
    else if (this.#isActive && parent === 'activeMoiety') addOnce(product.moieties, squeeze(text).toLowerCase());
  }

  end(path: readonly string[]): void {
    const name = path.at(-1) ?? '';
    if (isProduct(name, path.at(-2) ?? '')) this.#open.pop();
    if (name === 'ingredient' || name === 'activeIngredient') this.#isActive = false;
  }

  /** @throws RangeError if the document states no set id, version or effective date */
  finish(): LabelFacts {
    if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(this.#setId)) throw new RangeError('it has no set id');
    if (!Number.isInteger(this.#version) || this.#version < 1) throw new RangeError('it has no version');
    if (this.#effectiveOn === undefined) throw new RangeError('it has no effective date');
    const products = this.#products.map((product) => ({
      ...product,
      name: squeeze(product.name),
      genericName: squeeze(product.genericName),
    }));
    return {
      setId: this.#setId,
      version: this.#version,
      effectiveOn: this.#effectiveOn,
      type: this.#type,
      maker: squeeze(this.#maker),
      isCopy: this.#hasSource || (this.#copies && !this.#makes),
      products,
    };
  }
}

/** True if the element is a product: `manufacturedProduct` within one of the same name, or a part of a kit within `part`. */
function isProduct(name: string, parent: string): boolean {
  return PRODUCT.test(name) && (parent === 'manufacturedProduct' || parent === 'part');
}
