import type {
  CapabilityStatement,
  NamingSystem,
  OperationDefinition,
  Resource,
  SearchParameter,
  StructureDefinition,
  TerminologyCapabilities,
} from '@medplum/fhirtypes';
import type { LibraryStatus } from '../../../core/model/library.js';
import { rememberLast } from '../../../core/remember.js';
import { describeServer } from './capability.js';
import { hashVersion } from '../rest/entity-tag.js';
import type { FhirRequest, SearchParameterFacts, TypeModule } from '../rest/interaction.js';
import type { FhirModules, ModuleOptions } from '../rest/module-options.js';
import { listShipped, readShipped } from '../rest/shipped.js';
import { createResourceModule, type ResourceModuleOptions } from '../search/resource-module.js';
import { listParameters } from '../search/resource-parameters.js';
import { describeTerminology } from './terminology-capabilities.js';
import { fillTemplate } from '../syntax/template.js';

/** A definition as it is served: its version is a hash of it, its last change the release's date, as shipped content's is. */
function addMeta<R extends Resource>(resource: R, date: string): R {
  const { meta, ...content } = resource;
  const { resourceType, id, ...rest } = resource;
  const own = { ...meta, versionId: hashVersion(content), lastUpdated: `${date}T00:00:00Z` };
  return { resourceType, id, ...rest, meta: own } as unknown as R;
}

/** A SearchParameter built from the facts that the search itself uses. */
function toSearchParameter(facts: SearchParameterFacts, types: readonly string[], url: string): SearchParameter {
  const { name: code, type, documentation, modifiers } = facts;
  const id = url.slice(url.lastIndexOf('/') + 1);
  const name = code.replace(/(?:^_?|-)(\w)/g, (_all, first: string) => first.toUpperCase());
  return fillTemplate('searchParameter', { id, url, name, documentation, code, types, type, modifiers });
}

/** Every SearchParameter that the CapabilityStatement names: HL7's as R4 has them, our own as they are searched by. */
function listSearchParameters({ types }: FhirModules, options: ModuleOptions): SearchParameter[] {
  const { canonicalBase } = options;
  const ofR4 = readShipped('search-parameters-r4.json', options) as SearchParameter[];
  const standards = new Map(ofR4.map((one) => [one.url, one]));
  const found = new Map<string, SearchParameter>();
  for (const { type, searchParameters: all = [] } of types) {
    for (const facts of all) {
      const url = facts.definition(canonicalBase);
      const known = found.get(url);
      if (known && !standards.has(url)) {
        known.base = [...known.base, type] as SearchParameter['base'];
      } else found.set(url, standards.get(url) ?? toSearchParameter(facts, [type], url));
    }
  }
  return [...found.values()];
}

/** Gives the same list until the library changes: what is searched is not made again for each search. */
function cacheByStatus<R extends Resource>({ library }: ModuleOptions, make: () => readonly R[]): () => readonly R[] {
  const cached = rememberLast(({ date }: LibraryStatus) => make().map((one) => addMeta(one, date)));
  return () => cached(library.status());
}

/**
 * The types whose resources describe this server: everything that its CapabilityStatement or any of its resources names
 * by a canonical address of ours can be read here.
 * @param all every module, these included
 */
export function createDefinitionModules(options: ModuleOptions, all: () => FhirModules): TypeModule[] {
  const read = listShipped('', options);
  const release = (): string => options.library.status().release;
  const ofType = <R extends Resource>(type: string): R[] => read.filter((one) => one.resourceType === type) as R[];
  const capabilities = (request: FhirRequest): CapabilityStatement[] => [
    addMeta(describeServer(options, all(), request), options.library.status().date),
  ];
  const terminology = async (request: FhirRequest): Promise<TerminologyCapabilities[]> => [
    addMeta(await describeTerminology(options, all(), request), options.library.status().date),
  ];
  const toModule = <R extends Resource>(
    type: R['resourceType'],
    resources: ResourceModuleOptions<R>['resources'],
  ): TypeModule => createResourceModule<R>({ type, parameters: listParameters<R>(type), resources, release });
  const shipped = <R extends Resource>(type: R['resourceType'], find = () => ofType<R>(type)): TypeModule =>
    toModule<R>(type, cacheByStatus(options, find));
  return [
    shipped<StructureDefinition>('StructureDefinition'),
    shipped<SearchParameter>('SearchParameter', () => listSearchParameters(all(), options)),
    shipped<OperationDefinition>('OperationDefinition', () => all().operations.map(({ definition }) => definition)),
    shipped<NamingSystem>('NamingSystem'),
    toModule<CapabilityStatement>('CapabilityStatement', capabilities),
    toModule<TerminologyCapabilities>('TerminologyCapabilities', terminology),
  ];
}
