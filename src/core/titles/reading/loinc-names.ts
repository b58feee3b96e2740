import { selectEach } from '../../codes/resolve-coding.js';
import type { Library } from '../../model/library.js';
import { getOrAdd } from '../../remember.js';
import { foldText } from '../../search/text-tokens.js';

/** A name of LOINC's table: component, perhaps property, specimen, method. */
export interface LoincName {
  readonly code: string;
  readonly title: string;
}

/** Beginning of what a name has behind its component: `Creatinine [Mass/volume] in Serum or Plasma by Jaffe`. */
const BEHIND = / \[| (?:in|on|of|from) (?=[A-Z])| - /;
const SPECIMEN = /^.* (?:in|on|of|from) (?=[A-Z])/;
const OF_BLOOD = /^(?:serum|plasma|blood|platelet poor plasma)\b/;
/** Codes of one component that are looked up, at most. */
const MOST_CODES = 40;

/** The component and the specimen of a name, folded, without its method. */
function divideName(title: string): { readonly component: string; readonly specimen: string } {
  const [name = ''] = title.split(' by ', 1);
  const [component = ''] = name.split(BEHIND, 1);
  return { component: foldText(component), specimen: foldText(name.replace(SPECIMEN, '')) };
}

/** Components of LOINC's names, with the codes of the shipped table that have them, by specimen. Built once, read only. */
export class LoincNames {
  readonly #byComponent = new Map<string, { readonly code: string; readonly specimen: string }[]>();

  constructor(names: readonly LoincName[]) {
    for (const { code, title } of names) {
      const { component, specimen } = divideName(title);
      getOrAdd(this.#byComponent, component, () => []).push({ code, specimen });
    }
  }

  /**
   * The article on the test of a component in the specimen of the title, or in another one of blood if both are; undefined where its codes lead to
   * several.
   */
  findTest(title: string, library: Pick<Library, 'findMappings'>): string | undefined {
    const { component, specimen } = divideName(title);
    const all = this.#byComponent.get(component) ?? [];
    const same = all.filter((one) => one.specimen === specimen);
    const ofBlood = OF_BLOOD.test(specimen) ? all.filter((one) => OF_BLOOD.test(one.specimen)) : [];
    const codings = (same.length > 0 ? same : ofBlood)
      .slice(0, MOST_CODES)
      .map(({ code }) => ({ system: 'loinc', code }) as const);
    const pages = selectEach(codings, library).map((found) => found?.rows.find(({ rank }) => rank === 1)?.article);
    return new Set(pages).size === 1 ? pages[0] : undefined;
  }
}
