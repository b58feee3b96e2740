import type { IncomingHttpHeaders } from 'node:http';
import { LIMITS } from '../../../limits.js';
import type { TermConcept, TermSystem } from './systems/term-system.js';
import { badValue } from '../rest/bad-request.js';

/** Languages that a display is wanted in, the best first; empty: the system's own. */
export interface WantedLanguages {
  readonly tags: readonly string[];
  /** No display of another language may replace it (`de, *; q=0`). */
  readonly isHard: boolean;
}

/**
 * Reads `displayLanguage` or an Accept-Language header (RFC 9110, 12.5.4).
 * @throws RequestError `bad-parameter-value` where it names more languages than `LIMITS.maxLanguages`
 */
export function readLanguages(sent: string | undefined): WantedLanguages | undefined {
  if (!sent?.trim()) return undefined;
  const all = sent.split(',', LIMITS.maxLanguages + 1);
  if (all.length > LIMITS.maxLanguages) {
    const expected = `at most ${LIMITS.maxLanguages} languages are allowed`;
    throw badValue('displayLanguage', expected);
  }
  const parts = all.map((part) => {
    const [tag = '', ...parameters] = part.trim().split(';');
    const quality = parameters.map((one) => /^\s*q=([\d.]+)/.exec(one)?.[1]).find((q) => q !== undefined);
    return { tag: tag.trim(), quality: quality === undefined ? 1 : Number(quality) };
  });
  const isHard = parts.some(({ tag, quality }) => tag === '*' && quality === 0);
  const tags = parts.filter(({ tag, quality }) => tag !== '*' && tag !== '' && quality > 0);
  return { tags: tags.sort((a, b) => b.quality - a.quality).map(({ tag }) => tag.toLowerCase()), isHard };
}

/** Reads the Accept-Language header; languages beyond `LIMITS.maxLanguages` are ignored. */
export function readAcceptedLanguages(headers: IncomingHttpHeaders): WantedLanguages | undefined {
  const wanted = readLanguages(headers['accept-language']?.split(',', LIMITS.maxLanguages).join());
  return wanted && wanted.tags.length > 0 ? wanted : undefined;
}

const fits = (wanted: string, tag: string): boolean =>
  tag.startsWith(wanted) && (tag.length === wanted.length || tag[wanted.length] === '-');

/** A name of a concept and its language. */
export interface NameIn {
  readonly language: string | undefined;
  readonly value: string;
}

/** The names of a concept that may stand as its display, its own display first. */
export function listDisplays({ header }: TermSystem, { display, designations }: TermConcept): NameIn[] {
  const own = display === undefined ? [] : [{ language: header.language, value: display }];
  return [...own, ...designations.map(({ language, value }) => ({ language, value }))];
}

/** The names in one of the wanted languages, the best first. */
function chooseDisplays(names: readonly NameIn[], wanted: WantedLanguages | undefined): NameIn[] {
  if (!wanted || wanted.tags.length === 0) return [...names];
  const tagged = names.map((name) => ({ name, tag: name.language?.toLowerCase() }));
  return wanted.tags.flatMap((wish) =>
    tagged.flatMap(({ name, tag }) => (tag !== undefined && fits(wish, tag) ? [name] : [])),
  );
}

/** The display in the wanted language, else the system's own, unless no other may replace it. */
export function chooseDisplayName(
  system: TermSystem,
  concept: TermConcept,
  wanted: WantedLanguages | undefined,
): NameIn | undefined {
  const [best] = chooseDisplays(listDisplays(system, concept), wanted);
  if (best || wanted?.isHard || concept.display === undefined) return best;
  return { language: system.header.language, value: concept.display };
}
