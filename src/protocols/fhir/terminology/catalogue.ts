import type { ConceptMap, ConceptMapGroupElement, ValueSet } from '@medplum/fhirtypes';
import { CODE_SYSTEMS, codeSystem, findCodeSystem, type CodeSystemId } from '../../../core/codes/code-systems.js';
import { RequestError } from '../../../core/errors.js';
import type { Library } from '../../../core/model/library.js';
import type { WrittenStore } from '../../../core/model/written-store.js';
import type { CrosswalkPair } from '../../../core/codes/terminology-index.js';
import { Collected } from '../../long-work/collected.js';
import { toResource } from '../writing/stored-resource.js';
import { TEMPLATES, fillTemplate } from '../syntax/template.js';
import { createArticleSystem } from './systems/article-system.js';
import type { DefinitionFacts } from './definitions.js';
import {
  createCodeSystemHeader,
  createConceptMapHeader,
  buildCrosswalkId,
  buildMappingId,
  createSystemValueSet,
  addVersion,
} from './definitions.js';
import { createLibrarySystem, MOST_CONCEPTS } from './systems/library-system.js';
import { createResourceSystem, type TermSystem } from './systems/term-system.js';
import { createWholeTerminology, type WholeTerminology } from './systems/whole-terminology.js';

/** A map of the library: its header at once, its groups when they are wanted. */
export interface LibraryMap {
  readonly header: ConceptMap;
  /** For searches: the header with the ends of its group. */
  readonly listed: ConceptMap;
  readonly from: CodeSystemId;
  /** Undefined: our articles. */
  readonly to: CodeSystemId | undefined;
  readonly read: () => Promise<ConceptMap>;
}

/** Terminology of the library, of one release. */
export interface TerminologyCatalogue {
  readonly articlesUrl: string;
  readonly systems: readonly TermSystem[];
  readonly valueSets: readonly ValueSet[];
  readonly maps: readonly LibraryMap[];
  /** Maps that the site has written, whole. */
  readonly written: readonly ConceptMap[];
  /** By any name that the core knows, and by our own addresses. */
  readonly findSystem: (url: string) => TermSystem | undefined;
  /** By canonical address; implicit ones (`<system>?fhir_vs`, `<system>?fhir_vs=isa/<code>`) too. */
  readonly findValueSet: (url: string) => ValueSet | undefined;
}

/** Parts that a catalogue is built of. */
interface CatalogueParts {
  readonly library: Library;
  readonly whole: WholeTerminology;
  readonly facts: DefinitionFacts;
  readonly articlesUrl: string;
}

/** All systems of the library: those that it describes, whole or in part, or only maps, and our own. */
function buildSystems({ library, whole, facts }: CatalogueParts): TermSystem[] {
  const counts = library.status().concepts;
  const { systems, completeSystems, tables = [], articles } = library.status();
  const isListed = (id: CodeSystemId): boolean => counts.has(id) || systems.includes(id);
  const known = CODE_SYSTEMS.filter(({ id }) => isListed(id) || tables.some(({ system }) => system === id));
  const articlesHeader = fillTemplate('articles', { ...facts, count: articles });
  const concept = TEMPLATES.kindConcepts;
  const kinds = fillTemplate('articleKinds', { ...facts, concept, count: concept.length });
  return [
    ...known.map(({ id }) => {
      const held = { count: counts.get(id) ?? 0, complete: completeSystems.get(id) };
      const readAll = async () => {
        // The codes of a system of which a lookup table alone knows, code by code, are too many.
        if (!isListed(id)) throw new RequestError('too-costly', { most: MOST_CONCEPTS, unit: 'codes' });
        return whole.readConcepts(id);
      };
      return createLibrarySystem(library, createCodeSystemHeader(id, held, facts), id, readAll);
    }),
    createArticleSystem(library, addVersion(articlesHeader, facts), () => whole.articles()),
    createResourceSystem(addVersion(kinds, facts)),
  ];
}

/** A map from a code system to articles, or to another one. */
function buildMap(
  { from, to }: Partial<CrosswalkPair> & Pick<CrosswalkPair, 'from'>,
  parts: CatalogueParts,
): LibraryMap {
  const { whole, facts, articlesUrl } = parts;
  const { label, uri: source } = codeSystem(from);
  const end = to ? codeSystem(to) : { label: 'articles', uri: articlesUrl };
  const buildValueSetUrl = (id: string): string => `${facts.canonicalBase}/ValueSet/${id}-all`;
  const ends = { source: buildValueSetUrl(from), target: buildValueSetUrl(to ?? 'articles') };
  const id = to ? buildCrosswalkId({ from, to }) : buildMappingId(from);
  const header = createConceptMapHeader(id, { ...ends, title: `${label} to ${end.label}` }, facts);
  const withGroup = (element: ConceptMapGroupElement[]): ConceptMap => ({
    ...header,
    group: [{ source, target: end.uri, element }],
  });
  const read = async (): Promise<ConceptMap> => {
    const elements = await (to ? whole.readCrosswalks({ from, to }) : whole.readMappings(from));
    return elements.length === 0 ? header : withGroup([...elements]);
  };
  return { header, listed: withGroup([]), from, to, read };
}

export interface CatalogueOptions {
  readonly canonicalBase: string;
  /** FHIR's code systems and value sets that terminology requests use and no library holds. */
  readonly builtIn: Pick<TerminologyCatalogue, 'systems' | 'valueSets'>;
  readonly store: WrittenStore | undefined;
}

async function readCatalogue(
  library: Library,
  whole: WholeTerminology,
  { canonicalBase, builtIn, store }: CatalogueOptions,
): Promise<TerminologyCatalogue> {
  const { release: version, date, systems: mapped } = library.status();
  const facts = { canonicalBase, version, date };
  const articlesUrl = `${canonicalBase}/CodeSystem/articles`;
  const parts = { library, whole, facts, articlesUrl };
  const own = buildSystems(parts);
  const systems = [...builtIn.systems, ...own];
  const byUrl = new Map(systems.map((system) => [system.url, system]));
  const valueSets = [...builtIn.valueSets, ...own.map(({ header }) => createSystemValueSet(header, facts))];
  const findSystem = (url: string): TermSystem | undefined =>
    byUrl.get(url) ?? (/^(https?|urn):/.test(url) ? byUrl.get(findCodeSystem(url)?.uri ?? '') : undefined);
  const findValueSet = (url: string): ValueSet | undefined => {
    const [, base = '', isA] = /^([^?]*)\?fhir_vs(?:=isa\/(.+))?$/.exec(url) ?? [];
    const system = base ? findSystem(base) : undefined;
    if (system) return createSystemValueSet(system.header, facts, { url, isA });
    return valueSets.find((valueSet) => valueSet.url === url);
  };
  const pairs = [...mapped.map((from) => ({ from })), ...library.status().crosswalks];
  const maps = pairs.map((pair) => buildMap(pair, parts));
  const written = ((await store?.list('ConceptMap')) ?? []).flatMap((version) => {
    const resource = toResource(version, '');
    return resource?.resourceType === 'ConceptMap' ? [resource] : [];
  });
  return { articlesUrl, systems, valueSets, maps, written, findSystem, findValueSet };
}

/**
 * The catalogue of the library's active release, read anew after each swap; whole systems and maps stay cached until a
 * swap changes them.
 */
export function createTerminologyCatalogue(
  library: Library,
  options: CatalogueOptions,
): () => Promise<TerminologyCatalogue> {
  const whole = createWholeTerminology(library);
  const catalogue = new Collected(library, { collect: () => readCatalogue(library, whole, options) });
  return () => catalogue.get();
}
