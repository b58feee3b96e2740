import type { Resource, SearchParameter } from '@medplum/fhirtypes';
import type { LibraryStatus } from '../../../core/model/library.js';
import { rememberLast } from '../../../core/remember.js';
import { describeInstance } from './capability.js';
import { hashVersion } from '../rest/entity-tag.js';
import type { SearchParameterFacts, TypeModule } from '../rest/interaction.js';
import type { FhirModules, ModuleOptions } from '../rest/module-options.js';
import { listShipped, readShipped } from '../rest/shipped.js';
import { createResourceModule, type ResourceModuleOptions } from '../search/resource-module.js';
import { listParameters } from '../search/resource-parameters.js';
import { describeTerminology } from './terminology-capabilities.js';
import { fillTemplate } from '../syntax/template.js';

/** A definition as it is served: its version is a hash of it, its last change the release's date, as shipped content's is. */
function addMeta(resource: Resource, date: string): Resource {
  const { meta, ...content } = resource;
  const { resourceType, id, ...rest } = resource;
  const own = { ...meta, versionId: hashVersion(content), lastUpdated: `${date}T00:00:00Z` };
  return { resourceType, id, ...rest, meta: own } as Resource;
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
function cacheByStatus({ library }: ModuleOptions, make: () => readonly Resource[]): () => readonly Resource[] {
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
  const status = (): LibraryStatus => options.library.status();
  const toModule = (type: TypeModule['type'], resources: ResourceModuleOptions<Resource>['resources']): TypeModule =>
    createResourceModule({ type, parameters: listParameters(type), resources, release: () => status().release });
  const ofType = (type: TypeModule['type']): Resource[] => read.filter((one) => one.resourceType === type);
  const shipped = (type: TypeModule['type'], find: () => Resource[] = () => ofType(type)): TypeModule =>
    toModule(type, cacheByStatus(options, find));
  return [
    shipped('StructureDefinition'),
    shipped('SearchParameter', () => listSearchParameters(all(), options)),
    shipped('OperationDefinition', () => all().operations.map(({ definition }) => definition)),
    shipped('NamingSystem'),
    toModule('CapabilityStatement', (request) => [addMeta(describeInstance(options, all(), request), status().date)]),
    toModule('TerminologyCapabilities', async (request) => [
      addMeta(await describeTerminology(options, all(), request), status().date),
    ]),
  ];
}
