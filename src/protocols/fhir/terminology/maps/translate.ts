import type { Coding, ConceptMap } from '@medplum/fhirtypes';
import { RequestError } from '../../../../core/errors.js';
import type { Library } from '../../../../core/model/library.js';
import type { AuditFacts } from '../../../route.js';
import type { FhirAnswer } from '../../rest/interaction.js';
import type { NamedParameter } from '../../rest/operation-values.js';
import type { LibraryMap } from '../catalogue.js';
import { translateByLibrary } from './library-maps.js';
import type { Scope } from '../scope.js';
import { createAnswer, toParameters, nameArticles, type TerminologyRequest } from '../service.js';
import { splitCanonical } from '../systems/term-system.js';
import { translateWith, type TranslationMatch } from './written-maps.js';
import { missingParameter } from '../../rest/bad-request.js';

/** Parameters that name what is translated: R4's and R5's of the same, then those of R5 that ask for the way back. */
const SUBJECTS = [
  ...['code', 'sourceCode', 'coding', 'sourceCoding', 'codeableConcept', 'sourceCodeableConcept'],
  ...['targetCode', 'targetCoding', 'targetCodeableConcept'],
];

/** Reads the codes to translate, and the direction. @throws RequestError */
function readSource({ input }: TerminologyRequest) {
  const sent = input.exactlyOne(...SUBJECTS);
  const byTarget = sent.startsWith('target');
  const isReverse = byTarget || input.flag('reverse') === true;
  const nearSystem = byTarget
    ? input.text('targetSystem', 'targetsystem', 'system')
    : input.text('system', 'sourceSystem');
  const targetSystem = byTarget ? input.text('sourceSystem') : input.text('targetsystem', 'targetSystem');
  if (sent.endsWith('Concept')) {
    const codings = (input.concept(sent)?.coding ?? []).filter(({ code }) => code);
    if (codings.length === 0) throw missingParameter(`${sent}.coding`);
    return { codings, isReverse, targetSystem };
  }
  const coding = /coding$/i.test(sent) ? (input.coding(sent) ?? {}) : { code: input.text(sent) ?? '' };
  if (!coding.code) throw missingParameter(`${sent}.code`);
  const system = coding.system ?? nearSystem;
  if (system === undefined) throw missingParameter('system');
  return { codings: [{ system, ...coding }], isReverse, targetSystem };
}

/** The maps that a request names: those that the site has written, and the library's. None is named: any map that fits. */
interface Chosen {
  readonly written: readonly ConceptMap[];
  readonly own: readonly LibraryMap[];
  readonly isNamed: boolean;
}

const isEnd = (wanted: string | undefined, held: string | undefined): boolean =>
  wanted === undefined || (held !== undefined && splitCanonical(held).url === splitCanonical(wanted).url);

/** @throws RequestError `concept-map-not-found`, `resource-not-found` */
function chooseMaps({ input, scope, place }: TerminologyRequest): Chosen {
  const { maps } = scope.catalogue;
  // A retired map can be read, and answers nothing.
  const written = scope.catalogue.written.filter(({ status }) => status === 'active');
  if (place.id !== undefined) {
    const map = written.find(({ id }) => id === place.id);
    if (map) return { written: [map], own: [], isNamed: true };
    const own = maps.find(({ header }) => header.id === place.id);
    if (!own) throw new RequestError('resource-not-found', { type: 'ConceptMap' });
    return { written: [], own: [own], isNamed: true };
  }
  const url = input.text('url');
  if (url !== undefined) {
    const wanted = splitCanonical(url);
    const version = input.text('conceptMapVersion') ?? wanted.version;
    const fits = (map: ConceptMap): boolean =>
      map.url === wanted.url && (version === undefined || map.version === version);
    const named = written.filter(fits);
    const own = named.length > 0 ? undefined : maps.find(({ header }) => fits(header));
    if (named.length === 0 && !own) throw new RequestError('concept-map-not-found', { url });
    return { written: named, own: own ? [own] : [], isNamed: true };
  }
  const [source, target] = [input.text('source', 'sourceScope'), input.text('target', 'targetScope')];
  if (source === undefined && target === undefined) return { written: [], own: [], isNamed: false };
  const own = maps.filter(({ header }) => isEnd(source, header.sourceUri) && isEnd(target, header.targetUri));
  return { written: [], own, isNamed: true };
}

const LEADS_NOWHERE = new Set(['unmatched', 'disjoint']);

const toParameter = ({ equivalence, concept, source }: TranslationMatch): NamedParameter => ({
  name: 'match',
  part: toParameters(
    ['equivalence', 'valueCode', equivalence],
    ['concept', 'valueCoding', concept],
    ['source', 'valueUri', source],
  ),
});

function createMessage(matches: readonly TranslationMatch[], codings: readonly Coding[]): string | undefined {
  if (matches.some(({ equivalence }) => !LEADS_NOWHERE.has(equivalence))) return undefined;
  const comments = matches.flatMap(({ comment }) => comment ?? []);
  if (comments.length > 0) return comments.join('; ');
  const tokens = codings.map(({ system = '', code = '' }) => `${system}|${code}`).join(', ');
  return matches.length > 0 ? `No equivalent of ${tokens}` : `No translation of ${tokens} was found`;
}

/**
 * The articles that a code was translated to, for the audit trail. A map that the site has written may lead to any code: of
 * these, only the articles that the library holds.
 */
function findArticles(matches: readonly TranslationMatch[], { written }: Chosen, { catalogue }: Scope): AuditFacts {
  const { articlesUrl } = catalogue;
  const ids = matches.flatMap(({ concept }) => (concept?.system === articlesUrl ? (concept.code ?? []) : []));
  if (ids.length === 0 || written.length === 0) return nameArticles(ids);
  const known = catalogue.findSystem(articlesUrl)?.findEach(ids);
  return nameArticles([...(known?.keys() ?? [])]);
}

/** Translates a code (R4 ConceptMap $translate): to articles, between code systems, and back. */
export function translate(operation: TerminologyRequest, library: Library): FhirAnswer {
  const { codings, ...way } = readSource(operation);
  const chosen = chooseMaps(operation);
  const { written, own, isNamed } = chosen;
  const { catalogue } = operation.scope;
  const found = new Map<string, TranslationMatch>();
  for (const coding of codings) {
    const translation = { coding, ...way };
    const matches = written.flatMap((map) => translateWith(map, translation));
    // The site's own maps replace the library's.
    const byLibrary = matches.length > 0 ? [] : isNamed ? own : [undefined];
    for (const map of byLibrary) matches.push(...translateByLibrary({ map, ...translation }, { library, catalogue }));
    for (const match of matches) {
      found.set(`${match.equivalence}|${match.concept?.system ?? ''}|${match.concept?.code ?? ''}`, match);
    }
  }
  const matches = [...found.values()];
  const result = matches.some(({ equivalence }) => !LEADS_NOWHERE.has(equivalence));
  const message = createMessage(matches, codings);
  return createAnswer(
    [
      ...toParameters(['result', 'valueBoolean', result], ['message', 'valueString', message]),
      ...matches.map(toParameter),
    ],
    result ? 'answered' : 'empty',
    findArticles(matches, chosen, operation.scope),
  );
}
