import { CONCERNS, isConcern, type Concern } from '../../core/leaflets/concerns.js';
import { arrangeLeaflet } from '../../core/leaflets/leaflet-parts.js';
import type { LeafletContents } from '../../handout/handout.js';
import type { Parameters } from '../../protocols/route.js';
import type { Translate } from '../../texts.js';
import type { PageContext } from '../page-context.js';

/** Name of the parameter with a situation of the patient for which parts of leaflets are marked. */
export const CONCERN = 'concern';

/** Parts from which on a leaflet without marks has contents. */
const MIN_LISTED = 4;
/** Parts without a mark that contents list. */
const MOST_UNMARKED = 20;

/** Reads the situations that a request names; unknown ones are left out. */
export const readConcerns = (parameters: Parameters): Concern[] => {
  const sent = new Set(parameters.flatMap(([name, value]) => (name === CONCERN && isConcern(value) ? value : [])));
  return CONCERNS.filter((concern) => sent.has(concern));
};

const nameConcerns = (concerns: readonly Concern[], t: Translate): Map<Concern, string> =>
  new Map(CONCERNS.flatMap((one) => (concerns.includes(one) ? [[one, t(`leaflet.concerns.${one}`)] as const] : [])));

/** A leaflet's text with its contents. */
interface WrittenLeaflet {
  /** The whole text in its order, with marks. */
  readonly html: string;
  /** Undefined for a short leaflet. */
  readonly contents: LeafletContents | undefined;
}

/**
 * Writes a leaflet's contents, with the parts about the patient's situations first, and marks these parts in its text.
 * @param prefix of the parts' ids, unique on the page
 * @param page in the language of the words around the leaflet
 */
export function writeLeaflet(
  html: string,
  concerns: readonly Concern[],
  prefix: string,
  { t, language }: Pick<PageContext, 't' | 'language'>,
): WrittenLeaflet {
  const named = nameConcerns(concerns, t);
  const arranged = arrangeLeaflet(html, { names: named, language }, prefix);
  const marked = arranged.contents.filter(({ mark }) => mark !== '');
  const others = arranged.contents.filter(({ mark }) => mark === '');
  if (marked.length === 0 && others.length < MIN_LISTED) return { html, contents: undefined };
  const names = [...named.values()].filter((name) => marked.some(({ mark }) => mark.split(', ').includes(name)));
  const lead = names.length === 0 ? '' : t('leaflet.first', { concerns: new Intl.ListFormat(language).format(names) });
  const entries = [...marked, ...others.slice(0, MOST_UNMARKED)];
  return { html: arranged.html, contents: { head: t('leaflet.contents'), lead, entries } };
}
