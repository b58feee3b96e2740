import type { CodeSystem, ConceptMap, ValueSet } from '@medplum/fhirtypes';
import type { CodeSystemId } from '../../../core/code-systems.js';
import { CODE_SYSTEMS, codeSystem, findCodeSystem } from '../../../core/code-systems.js';
import type { Library } from '../../../core/library.js';
import { contentKey } from '../../../core/library.js';
import type { WrittenStore } from '../../../core/written-store.js';
import type { CrosswalkPair } from '../../../core/terminology-index.js';
import { toResource } from '../writing/stored-resource.js';
import { articleHeader, articleKinds, articleSystem } from './article-system.js';
import type { ReleaseFacts } from './definitions.js';
import {
  codeSystemHeader,
  conceptMapHeader,
  crosswalkElements,
  crosswalkId,
  mappingElements,
  mappingId,
  systemValueSet,
  versioned,
} from './definitions.js';
import { LibrarySystem } from './library-system.js';
import { resourceSystem } from './resource-system.js';
import type { TermSystem } from './term-system.js';

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

/** What the library offers as terminology, of one release. */
export interface Catalogue {
  readonly facts: ReleaseFacts;
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

/** Our systems, whole or in part as the library describes them, and those that it maps without describing them. */
async function systemsOf(library: Library, facts: ReleaseFacts): Promise<TermSystem[]> {
  const counts = await library.countConcepts();
  const { systems, completeSystems, ...held } = library.status();
  const { articles } = (await library.countOffered?.()) ?? held;
  const known = CODE_SYSTEMS.filter(({ id }) => counts.has(id) || systems.includes(id));
  const own = { ...facts, articles };
  const articlesHeader = versioned(articleHeader(own), facts);
  return [
    ...known.map(({ id }) => {
      const held = { count: counts.get(id) ?? 0, complete: completeSystems.get(id) };
      return new LibrarySystem(library, id, codeSystemHeader(id, held, facts));
    }),
    articleSystem(library, articlesHeader),
    resourceSystem(versioned(articleKinds(own), facts)),
  ];
}

/** Reads something once; a failure is not kept. */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return () =>
    (value ??= read().catch((error: unknown) => {
      value = undefined;
      throw error;
    }));
}

const withEnds = (header: ConceptMap, source: string, target: string): ConceptMap => ({
  ...header,
  group: [{ source, target, element: [] }],
});

function mapsOf(
  library: Library,
  facts: ReleaseFacts,
  pairs: readonly CrosswalkPair[],
  articlesUrl: string,
): LibraryMap[] {
  const valueSetOf = (id: string): string => `${facts.canonicalBase}/ValueSet/${id}-all`;
  const toArticles = library.status().systems.map((from): LibraryMap => {
    const title = `${codeSystem(from).label} to articles`;
    const header = conceptMapHeader(
      mappingId(from),
      { source: valueSetOf(from), target: valueSetOf('articles'), title },
      facts,
    );
    const read = once(async () => {
      const element = await mappingElements(await library.listMappings(from), library);
      if (element.length === 0) return header;
      return { ...header, group: [{ source: codeSystem(from).uri, target: articlesUrl, element }] };
    });
    const listed = withEnds(header, codeSystem(from).uri, articlesUrl);
    return { header, listed, from, to: undefined, read };
  });
  const crosswalks = pairs.map((pair): LibraryMap => {
    const { from, to } = pair;
    const title = `${codeSystem(from).label} to ${codeSystem(to).label}`;
    const header = conceptMapHeader(
      crosswalkId(pair),
      { source: valueSetOf(from), target: valueSetOf(to), title },
      facts,
    );
    const read = once(async () => {
      const element = crosswalkElements(await library.listCrosswalks(pair));
      if (element.length === 0) return header;
      return { ...header, group: [{ source: codeSystem(from).uri, target: codeSystem(to).uri, element }] };
    });
    const listed = withEnds(header, codeSystem(from).uri, codeSystem(to).uri);
    return { header, listed, from, to, read };
  });
  return [...toArticles, ...crosswalks];
}

async function readCatalogue(library: Library, canonicalBase: string, store?: WrittenStore): Promise<Catalogue> {
  const { release: version, date } = library.status();
  const facts = { canonicalBase, version, date };
  const articlesUrl = `${canonicalBase}/CodeSystem/articles`;
  const systems = await systemsOf(library, facts);
  const byUrl = new Map(systems.map((system) => [system.url, system]));
  const headers: CodeSystem[] = systems.map(({ header }) => header);
  const valueSets = headers.map((header) => systemValueSet(header, facts));
  const findSystem = (url: string): TermSystem | undefined =>
    byUrl.get(url) ?? (/^(https?|urn):/.test(url) ? byUrl.get(findCodeSystem(url)?.uri ?? '') : undefined);
  const findValueSet = (url: string): ValueSet | undefined => {
    const [, base = '', isA] = /^(.*)\?fhir_vs(?:=isa\/(.+))?$/.exec(url) ?? [];
    const system = base ? findSystem(base) : undefined;
    if (system) return systemValueSet(system.header, facts, { url, isA });
    return valueSets.find((valueSet) => valueSet.url === url);
  };
  const maps = mapsOf(library, facts, await library.listCrosswalkPairs(), articlesUrl);
  const written = ((await store?.list('ConceptMap')) ?? []).flatMap((version) => {
    const resource = toResource(version, '');
    return resource?.resourceType === 'ConceptMap' ? [resource] : [];
  });
  return { facts, articlesUrl, systems, valueSets, maps, written, findSystem, findValueSet };
}

/** The catalogue of the library as it is now, read anew after each change. */
export function catalogueOf(library: Library, canonicalBase: string, store?: WrittenStore): () => Promise<Catalogue> {
  let content = '';
  let catalogue: Promise<Catalogue> | undefined;
  return () => {
    const now = contentKey(library.status());
    if (catalogue && now === content) return catalogue;
    content = now;
    const fresh: Promise<Catalogue> = readCatalogue(library, canonicalBase, store);
    catalogue = fresh;
    fresh.catch(() => {
      if (catalogue === fresh) catalogue = undefined;
    });
    return fresh;
  };
}
