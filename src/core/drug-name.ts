import { BY_MOUTH, FORMS, NOT_SALTS, ROUTES, SALTS, STRENGTH } from './drug-terms.js';

/** A drug's display longer than this is not a name; it is read no further. */
const MAX_NAME_LENGTH = 300;

const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Lower case, without accents and without marks that names do not need. */
function fold(text: string): string {
  return squeeze(
    text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[®™(){},;]/g, ' '),
  );
}

function withoutSalts(ingredient: string): string {
  if (NOT_SALTS.has(ingredient)) return ingredient;
  const words = ingredient.split(' ');
  const kept = words.filter((word, index) => index === 0 || !SALTS.has(word));
  return kept.join(' ');
}

const firstFit = (table: typeof ROUTES, text: string): string | undefined =>
  table.find(([pattern]) => pattern.test(text))?.[1];

function withoutRoute(text: string): string {
  return ROUTES.reduce((rest, [pattern]) => rest.replace(new RegExp(pattern, 'g'), ' '), text);
}

/** The ingredients of a name, in alphabetical order, without strength, form, route and salt. */
function ingredientsOf(text: string): string[] {
  return text
    .split(/\s\/\s|\s\+\s|\band\b|(?<=[a-z])[/-](?=[a-z]{4})/)
    .map((part) =>
      squeeze(
        withoutRoute(part.replace(STRENGTH, ' '))
          .replace(FORMS, ' ')
          .replace(/\b[\d.,%/-]+\b/g, ' '),
      ),
    )
    .map((part) => withoutSalts(part.replace(/^[\s/.-]+|[\s/.-]+$/g, '')))
    .filter((part) => part !== '')
    .sort();
}

/** A name as its form binds it: `x nasal` alone; `x oral`, then `x`; else `x`. */
function boundNames(name: string, form: string): string[] {
  if (name === '') return [];
  const byMouth = firstFit(BY_MOUTH, form);
  if (byMouth && !/\b(nasal|ophthalmic|otic)\b/.test(form)) return [`${name} ${byMouth}`, name];
  const route = firstFit(ROUTES, form);
  return [route ? `${name} ${route}` : name];
}

/**
 * The names by which a drug's display may be looked up, the most telling first: whole, then the whole combination of its
 * ingredients, then its brand. A name whose form tells a route other than by mouth is looked up only with that route
 * (`fluticasone nasal`): the tablets' page is wrong for eye drops. Empty where nothing is left of the display.
 */
export function drugNameCandidates(sent: string): string[] {
  const display = sent.slice(0, MAX_NAME_LENGTH);
  const bracketed = fold(/\[([^[\]]*)\]/.exec(display)?.[1] ?? '');
  const generic = fold(display.replace(/\[[^[\]]*\]/g, ' '));
  const ingredients = ingredientsOf(generic).join(' / ');
  const names = [generic, ...boundNames(ingredients, generic), ...boundNames(bracketed, generic)];
  return [...new Set(names.filter((name) => name !== ''))];
}
