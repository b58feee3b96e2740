import { LEAFLET_ID_PREFIX } from '../../../core/leaflets/leaflet.js';
import type { Library } from '../../../core/model/library.js';
import type { DocumentFacts } from './document-facts.js';

const URN = 'urn:uuid:';
/** Leaflets that one title may lead to. */
const MOST_FOUND = 200;
/** Words of each leaflet's title, in English and Spanish (resources/drugs/leaflets.yaml). */
const IN_EACH_TITLE = new Set(
  (
    'medication guide patient package insert information instructions approved text others guía medicamento prospecto ' +
    'paciente información instrucciones aprobación texto otros para'
  ).split(' '),
);
const MIN_WORD_CHARS = 3;
/** Words that are looked up of one search: each reads the facts of all leaflets. */
const MOST_WORDS = 5;

/** The article of a label's set id as FHIR writes it, `urn:uuid:…`; any other text leads to no article. */
export const toLeafletId = (identifier: string): string =>
  identifier.toLowerCase().startsWith(URN)
    ? LEAFLET_ID_PREFIX + identifier.slice(URN.length).toLowerCase()
    : identifier;

/** The identifier of a leaflet's label; none for other articles. */
export const listSetIds = ({ article }: Pick<DocumentFacts, 'article'>) =>
  article.startsWith(LEAFLET_ID_PREFIX)
    ? [{ system: 'urn:ietf:rfc:3986', value: URN + article.slice(LEAFLET_ID_PREFIX.length) }]
    : [];

/** The longest word of a title that not every leaflet has. */
function findTellingWord(title: string): string | undefined {
  const words = title.toLowerCase().match(/[\p{L}\p{N}-]+/gu) ?? [];
  const telling = words.filter((word) => word.length >= MIN_WORD_CHARS && !IN_EACH_TITLE.has(word));
  return telling.sort((a, b) => b.length - a.length)[0];
}

/** Ids of leaflets that a search by title may match. They are too many to be tested one by one as articles are. */
export function findLeafletsByTitle(titles: readonly string[], library: Library): string[] {
  const words = new Set(titles.flatMap((title) => findTellingWord(title) ?? []));
  const found = [...words]
    .slice(0, MOST_WORDS)
    .flatMap((word) => library.findArticleIds({ leafletWord: word, most: MOST_FOUND }));
  return [...new Set(found)];
}
