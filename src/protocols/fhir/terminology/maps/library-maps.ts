import type { Coding } from '@medplum/fhirtypes';
import { textIn } from '../../../../core/model/article.js';
import { codeSystem, findCodeSystem, type CodeSystemId } from '../../../../core/codes/code-systems.js';
import type { Library } from '../../../../core/model/library.js';
import { normalizeCode } from '../../../../core/codes/normalize-code.js';
import { selectRows } from '../../../../core/codes/resolve-coding.js';
import { findUnjudged } from '../../../../core/answer/answer.js';
import type { Crosswalk } from '../../../../core/codes/terminology-index.js';
import { dropEmpty } from '../../syntax/drop-empty.js';
import { invert, type Translation, type TranslationMatch } from './written-maps.js';
import type { TerminologyCatalogue, LibraryMap } from '../catalogue.js';
import { EQUIVALENCES, type Equivalence } from '../definitions.js';

/** A translation by the library's maps: one that is named, or all of them. */
export interface LibraryTranslation extends Translation {
  readonly map: LibraryMap | undefined;
}

interface Place {
  readonly library: Library;
  readonly catalogue: TerminologyCatalogue;
}

type Known = { readonly system: CodeSystemId; readonly code: string };

const findSource = ({ catalogue }: Place, from: CodeSystemId, to: CodeSystemId | undefined): string | undefined =>
  catalogue.maps.find((map) => map.from === from && map.to === to)?.header.url;

/** Articles of a code: its own rows or its nearest ancestor's, and where no map is named what crosswalks lead to. */
function translateToArticles(coding: Known, { map }: LibraryTranslation, place: Place): TranslationMatch[] {
  const { library, catalogue } = place;
  const records = library.findMappings([coding]);
  const own = records.filter(({ crossings }) => crossings === 0);
  const selection = selectRows(own.length > 0 || map ? own : records);
  if (!selection) return [];
  const [first] = own;
  if (selection.noneNote !== undefined) {
    const source = findSource(place, first?.system ?? coding.system, undefined);
    return [{ equivalence: 'unmatched', concept: undefined, comment: selection.noneNote || undefined, source }];
  }
  const found = library.findArticles(selection.rows.map(({ article }) => article));
  const articles = new Map(found.map((article) => [article.id, article]));
  const unjudged = findUnjudged(selection.rows, articles);
  const titles = new Map(found.map((article) => [article.id, textIn(article, ['en', 'es'])?.title]));
  return selection.rows
    .filter(({ article }) => !unjudged.has(article))
    .map(({ system, article, relationship, note }) => ({
      equivalence: EQUIVALENCES[relationship],
      concept: dropEmpty({ system: catalogue.articlesUrl, code: article, display: titles.get(article) }),
      comment: note || undefined,
      source: findSource(place, system, undefined),
    }));
}

/** Codes of an article. */
function translateFromArticle({ coding, map, targetSystem }: LibraryTranslation, place: Place): TranslationMatch[] {
  const wanted = map?.from ?? (targetSystem === undefined ? undefined : findCodeSystem(targetSystem)?.id);
  const codes = place.library.findCodes(coding.code ?? '').toArray();
  const found = codes.filter(({ system }) => (wanted === undefined && targetSystem === undefined) || system === wanted);
  const concepts = createDisplayFinder(place, found);
  return found.map((code) => ({
    equivalence: invert(EQUIVALENCES[code.relationship]),
    concept: concepts(code),
    comment: undefined,
    source: findSource(place, code.system, undefined),
  }));
}

function createDisplayFinder({ library }: Place, codings: readonly Known[]): (known: Known) => Coding {
  const found = library.findConcepts(codings.map(({ system, code }) => ({ system, code })));
  const titles = new Map(found.map(({ system, code, title }) => [`${system}|${code}`, title]));
  return ({ system, code }) =>
    dropEmpty({ system: codeSystem(system).uri, code, display: titles.get(`${system}|${code}`) });
}

/** Returns the equivalence of the target for a code below the one that the crosswalk starts at. */
const toInherited = (equivalence: Equivalence): Equivalence =>
  equivalence === 'equivalent' ? 'wider' : equivalence === 'narrower' ? 'relatedto' : equivalence;

/** Whether the library holds crosswalks between two systems, or from or to one: if it holds none, it is not queried. */
const hasCrosswalks = (wanted: Record<'from' | 'to', CodeSystemId | undefined>, { catalogue }: Place): boolean =>
  catalogue.maps.some(({ from, to }) => to !== undefined && (wanted.from ?? from) === from && (wanted.to ?? to) === to);

/** Crosswalks of a code, else of its nearest ancestor that has one. */
function findCrosswalks(coding: Known, { library, catalogue }: Place, isWanted: (one: Crosswalk) => boolean) {
  const own = library.terminology.findCrosswalks(coding, 'from').filter(isWanted);
  if (own.length > 0) return { rows: own, isInherited: false };
  const system = catalogue.findSystem(codeSystem(coding.system).uri);
  for (const code of system?.ancestors(coding.code) ?? []) {
    const rows = library.terminology.findCrosswalks({ system: coding.system, code }, 'from').filter(isWanted);
    if (rows.length > 0) return { rows, isInherited: true };
  }
  return { rows: [], isInherited: false };
}

function translateByCrosswalk(coding: Known, translation: LibraryTranslation, place: Place): TranslationMatch[] {
  const { map, targetSystem, isReverse } = translation;
  const namedTarget = isReverse ? map?.from : map?.to;
  const wanted = namedTarget ?? (targetSystem === undefined ? undefined : findCodeSystem(targetSystem)?.id);
  if (wanted === undefined && targetSystem !== undefined) return [];
  if (!hasCrosswalks(isReverse ? { to: coding.system, from: wanted } : { from: coding.system, to: wanted }, place))
    return [];
  const isWanted = ({ from, to }: Crosswalk): boolean =>
    wanted === undefined || (isReverse ? from : to).system === wanted;
  const found = isReverse
    ? { rows: place.library.terminology.findCrosswalks(coding, 'to').filter(isWanted), isInherited: false }
    : findCrosswalks(coding, place, isWanted);
  const findEnd = ({ from, to }: Crosswalk): Known => (isReverse ? from : to);
  const concepts = createDisplayFinder(place, found.rows.map(findEnd));
  return found.rows.map((row) => {
    const stated = EQUIVALENCES[row.relationship];
    const equivalence = isReverse ? invert(stated) : found.isInherited ? toInherited(stated) : stated;
    const source = findSource(place, row.from.system, row.to.system);
    return { equivalence, concept: concepts(findEnd(row)), comment: undefined, source };
  });
}

/** The translations that the library's mapping files and crosswalks hold. */
export function translateByLibrary(translation: LibraryTranslation, place: Place): TranslationMatch[] {
  const { coding, isReverse, targetSystem, map } = translation;
  const { articlesUrl } = place.catalogue;
  if (coding.system === articlesUrl) return isReverse ? translateFromArticle(translation, place) : [];
  const system = findCodeSystem(coding.system ?? '')?.id;
  const code = system && normalizeCode(system, coding.code ?? '');
  if (!system || code === undefined) return [];
  const namedSource = isReverse ? map?.to : map?.from;
  if (map && namedSource !== system) return [];
  const wantsArticles =
    !isReverse && (map ? map.to === undefined : targetSystem === undefined || targetSystem === articlesUrl);
  const wantsCodes = map ? map.to !== undefined : targetSystem !== articlesUrl;
  return [
    ...(wantsArticles ? translateToArticles({ system, code }, translation, place) : []),
    ...(wantsCodes ? translateByCrosswalk({ system, code }, translation, place) : []),
  ];
}
