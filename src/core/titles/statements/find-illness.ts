import type { Library } from '../../model/library.js';
import { foldText } from '../../search/text-tokens.js';
import type { KnownIllnesses, NamedKind } from './around-illness.js';
import { PLACE_WORDS } from '../find-kind.js';
import { findCodeOfName } from '../find-named-code.js';
import type { TitleFacts } from '../title-facts.js';

/** Codes of ICD-10-CM for illnesses, and among them those for complaints. */
const OF_ILLNESS = /^(?:[A-T]|U0[79])/;
const OF_COMPLAINT = /^(?:R|M54|M25\.5|M79\.[16])/;
/** Chapters of ICD-9-CM beside those on reasons for a visit, and its chapter on complaints. */
const OF_NINTH = /^\d/;
const OF_NINTH_COMPLAINT = /^7[89]/;

/** Words between those of a part of the body. */
const JOINTS: ReadonlySet<string> = new Set(['of', 'the', 'de', 'del', 'la', 'left', 'right', 'both', 'bilateral']);

/** Creates the reader of names of illnesses, by the names of codes, of articles, and of everyday speech that the library has. */
export function createIllnessReader(
  { codeNames, words, everyday }: Pick<TitleFacts, 'codeNames' | 'words' | 'everyday'>,
  library: Pick<Library, 'findCodes'>,
): KnownIllnesses {
  const judge = (code: string): NamedKind =>
    OF_COMPLAINT.test(code) ? 'complaint' : OF_ILLNESS.test(code) ? 'illness' : 'other';
  const judgeArticle = (article: string): NamedKind | undefined => {
    const own = library
      .findCodes(article)
      .toArray()
      .flatMap(({ system, code, relationship }) =>
        system === 'icd-10-cm' && relationship !== 'related' ? [code] : [],
      );
    const kinds = own.map(judge).filter((kind) => kind !== 'other');
    if (2 * kinds.length <= own.length) return undefined;
    return kinds.includes('complaint') ? 'complaint' : 'illness';
  };
  const find: KnownIllnesses['find'] = (name) => {
    if (name.split(' ').every((word) => PLACE_WORDS.has(word) || JOINTS.has(word))) return undefined;
    const { coding, isOfficial } = findCodeOfName(name, codeNames) ?? {};
    if (coding?.system === 'icd-10-cm') {
      // An index has statements too: `HIV contact`.
      const kind = judge(coding.code);
      return kind === 'other' && !isOfficial ? undefined : kind;
    }
    if (coding)
      return OF_NINTH_COMPLAINT.test(coding.code) ? 'complaint' : OF_NINTH.test(coding.code) ? 'illness' : 'other';
    const articles = new Set([...words.namedByTitle(name), ...everyday(foldText(name))]);
    return [...articles].map(judgeArticle).find(Boolean);
  };
  return { find, hasWord: (word) => words.hasTerm(word) };
}
