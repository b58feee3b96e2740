import { findOwn } from '../find-own.js';
import { readDataFile } from '../read-data-file.js';
import type { Language } from '../model/language.js';
import type { LeafletFacts, LeafletKind } from './leaflet.js';

interface Words {
  readonly kinds: Readonly<Record<LeafletKind, string>>;
  readonly title: string;
  readonly approvedTitle: string;
  readonly more: string;
  readonly source: string;
}

/** Products that a title names. */
const MOST_NAMED = 3;

const readWords = (language: Language): Words =>
  (readDataFile('drugs/leaflets.yaml') as Record<Language, Words>)[language];

/** Fills `{name}` in a text. */
function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_all, name: string) => findOwn(values, name) ?? '');
}

/** The title of a leaflet: its kind, its products, FDA's approval and its day. */
export function titleLeaflet(facts: LeafletFacts, language: Language): string {
  const { kind, isApproved, effectiveOn, products, ingredients } = facts;
  const words = readWords(language);
  const names = products.length > 0 ? products : ingredients;
  const named = names.slice(0, MOST_NAMED).join(', ');
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(effectiveOn));
  return fill(isApproved ? words.approvedTitle : words.title, {
    kind: words.kinds[kind],
    products: names.length > MOST_NAMED ? fill(words.more, { products: named }) : named,
    date,
  });
}

/** The line that names a leaflet's maker, set id and version. */
export function attributeLeaflet({ maker, setId, version }: LeafletFacts, language: Language): string {
  return fill(readWords(language).source, { maker, setId, version: String(version) });
}
