/** Just enough reading of the pages that we write ourselves: attributes are quoted, `<` and `>` in them escaped or not. */

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'", nbsp: ' ' };

const unescape = (text: string): string =>
  text.replace(/&(lt|gt|quot|amp|#39|nbsp);/g, (whole, name: string) => ENTITIES[name] ?? whole);

/** A start tag: its name, then attributes whose values may hold anything but their own quote. */
const TAG = /<([a-z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*"|='[^']*'|=[^\s"'>]+)?)*)\s*\/?>/gi;

/** The start tags of elements by name; `a|b` gives both. */
export function elementsOf(html: string, names: string): string[] {
  const wanted = names.split('|');
  return [...html.matchAll(TAG)].filter(([, name]) => wanted.includes(name?.toLowerCase() ?? '')).map(([tag]) => tag);
}

/** The attributes of a start tag, unescaped. */
export function attributesOf(tag: string): Record<string, string | undefined> {
  const inside = tag.replace(/^<[\w-]+/, '');
  return Object.fromEntries(
    [...inside.matchAll(/\s([\w:-]+)(?:="([^"]*)")?/g)].map(([, name, value]) => [name, unescape(value ?? '')]),
  ) as Record<string, string | undefined>;
}

export const linksOf = (html: string): Record<string, string | undefined>[] => elementsOf(html, 'a').map(attributesOf);

/** Text that a reader sees, tags taken out. */
export const textOf = (html: string): string =>
  unescape(html.replace(TAG, ' ').replace(/<\/[\w-]+>|<!DOCTYPE html>/g, ' '));

/** Fields that the form would send, by name. */
export function fieldsOf(html: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const tag of elementsOf(html, 'input')) {
    const { name = '', value = '' } = attributesOf(tag);
    fields[name] = value;
  }
  for (const [, start = '', options = ''] of html.matchAll(/(<select[^>]*>)(.*?)<\/select>/gs)) {
    const all = elementsOf(options, 'option').map(attributesOf);
    const chosen = all.find((option) => option.selected !== undefined) ?? all[0];
    fields[attributesOf(start).name ?? ''] = chosen?.value ?? '';
  }
  return fields;
}
