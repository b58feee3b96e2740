import { readFileSync } from 'node:fs';
import { DEFAULT_LANGUAGE, LANGUAGES, type Language } from './core/model/language.js';
import { findOwn } from './core/find-own.js';

/** Returns a text with its `{{names}}` replaced without escaping: the caller that renders escapes. */
export type Translate = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** Returns the texts of a language: `texts('es')('page.search')`. */
export type Texts = (language: Language) => Translate;

interface Tree {
  readonly [name: string]: string | Tree;
}

function flatten(tree: Tree, prefix: string, into: Map<string, string>): Map<string, string> {
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value === 'string') into.set(prefix + name, value);
    else flatten(value, `${prefix}${name}.`, into);
  }
  return into;
}

/** A text split at its names: every second part is one. */
type Template = readonly string[];

const divide = (text: string): Template => text.split(/\{\{(\w+)\}\}/);

function fill(template: Template, values: Readonly<Record<string, string | number>>): string {
  let text = template[0] ?? '';
  for (let i = 1; i < template.length; i += 2)
    text += String(findOwn(values, template[i] ?? '') ?? '') + (template[i + 1] ?? '');
  return text;
}

/** Loads the texts of resources/i18n. A text that a language lacks is returned in English, an unknown key as itself. */
export function loadTexts(resourcesDir: string): Texts {
  const read = (language: Language): Map<string, string> =>
    flatten(JSON.parse(readFileSync(`${resourcesDir}/i18n/${language}.json`, 'utf8')) as Tree, '', new Map());
  const fallback = read(DEFAULT_LANGUAGE);
  const translators = new Map<Language, Translate>();
  for (const language of LANGUAGES) {
    const templates = new Map([...fallback, ...read(language)].map(([key, text]) => [key, divide(text)]));
    translators.set(language, (key, values = {}) => fill(templates.get(key) ?? [key], values));
  }
  return (language) => translators.get(language) ?? ((key) => fallback.get(key) ?? key);
}
