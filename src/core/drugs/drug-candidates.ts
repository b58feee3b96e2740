import { coversPerCent, isPerCent, readRoute } from './drug-line-route.js';
import type { Piece } from './drug-line-tokens.js';
import { RELEASES, SALT_WORDS } from './drug-line-words.js';
import { bindNames, type DrugRoute } from './drug-name.js';
import type { DrugNames } from './drug-names.js';
import { normalizeStrength } from './normalize-strength.js';
import type { ToldDrug } from './told-drug.js';

const unique = (texts: readonly string[]): string[] => [...new Set(texts.filter((text) => text !== ''))];

/** A name as its route binds it; the bare name only where its page covers the route, or where nothing is known of its page. */
export function bindRoute(name: string, route: DrugRoute, names: DrugNames): string[] {
  const page = names.find(name)?.page;
  const bound = bindNames(name, route);
  if (route.route === undefined || page === undefined) return bound;
  return unique([...bound.filter((one) => one !== name), page.includes(route.route) ? name : '']);
}

/** `1-5 mg` is 1 mg and 5 mg; `0.03 mg / mg` is 3 %. */
function eachStrength(text: string): string[] {
  const [, numbers = '', unit = ''] = /^(\S+) (.*)$/.exec(text) ?? [];
  if (unit === 'mg / mg') return [`${Number((Number(numbers) * 100).toPrecision(6))} %`];
  return numbers.split(/[-/]/).map((number) => `${number} ${unit}`);
}

/** The names of a line's drug, each with what may have a row of its own: salt, release, strength. */
export function buildCandidates(
  pieces: readonly Piece[],
  { whole, brand, own }: ToldDrug,
  names: DrugNames,
): { candidates: string[]; route: DrugRoute } {
  const release = pieces.find(({ kind, text }) => kind === 'release' && RELEASES.has(text))?.text;
  const salts = pieces.flatMap(({ kind, text }) => (kind === 'salt' ? (SALT_WORDS.get(text) ?? []) : []));
  const strengths = pieces.flatMap(({ kind, text }) => {
    if (kind === 'number') return [`${text} mg`];
    return kind === 'strength' ? eachStrength(text) : [];
  });
  const drugs = unique([brand?.name ?? '', own ?? '', whole ?? '']);
  const known = drugs.flatMap((name) => names.find(name) ?? []);
  const route = readRoute(pieces, known);
  const stated = new Set(strengths.map((one) => normalizeStrength(one) ?? one));
  const isOfLine = (strength: string): boolean => stated.has(normalizeStrength(strength) ?? strength);
  const variants = (name: string): string[] => [
    ...(names.find(name)?.strengths ?? []).filter(isOfLine).map((one) => `${name} ${one}`),
    ...(release ? [`${[name, ...salts].join(' ')} ${release}`, `${name} ${release}`] : []),
    ...(salts.length > 0 ? [[name, ...salts].join(' ')] : []),
    name,
  ];
  const bound = unique(drugs.flatMap((name) => variants(name).flatMap((one) => bindRoute(one, route, names))));
  // A tablet is not measured in per cent.
  const isNoTablet = route.route === undefined && isPerCent(pieces);
  return { candidates: isNoTablet ? bound.filter((name) => coversPerCent(names.find(name)?.page)) : bound, route };
}
