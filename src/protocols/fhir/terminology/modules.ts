import { readFileSync, readdirSync } from 'node:fs';
import type { CodeSystem, ConceptMap, OperationDefinition, Resource, ValueSet } from '@medplum/fhirtypes';
import type { Library } from '../../../core/library.js';
import type { WrittenStore } from '../../../core/written-store.js';
import type { Texts } from '../../../texts.js';
import type { FhirAnswer, OperationModule, TypeModule } from '../interaction.js';
import type { FindMembers } from '../search/parameter.js';
import { createResourceModule } from '../search/resource-module.js';
import { conformanceParameters } from '../search/resource-parameters.js';
import { withWritten } from '../writing/history.js';
import type { Catalogue } from './catalogue.js';
import { catalogueOf } from './catalogue.js';
import { expandOperation } from './expand-operation.js';
import { lookup, subsumes, versions } from './lookup.js';
import type { Asked, TerminologyOptions } from './service.js';
import { runWith } from './service.js';
import { translate } from './translate.js';
import { valueSetMembership } from './value-set-members.js';
import { validateInCodeSystem, validateInValueSet } from './validate.js';

export interface TerminologyModuleOptions {
  readonly library: Library;
  readonly texts: Texts;
  readonly canonicalBase: string;
  readonly resourcesDir: string;
  readonly written?: WrittenStore | undefined;
}

export interface TerminologyModules {
  readonly types: readonly TypeModule[];
  readonly operations: readonly OperationModule[];
  /** For token searches by value set. */
  readonly findMembers: FindMembers;
}

const isOf =
  <T extends Resource>(type: T['resourceType']) =>
  (resource: Resource): resource is T =>
    resource.resourceType === type;

/** HL7's code systems and value sets that terminology requests use and no library holds. */
function readBuiltIn(resourcesDir: string): Resource[] {
  const folder = `${resourcesDir}/fhir/terminology`;
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Resource);
}

function readOperation(resourcesDir: string, id: string): OperationDefinition {
  return JSON.parse(readFileSync(`${resourcesDir}/fhir/OperationDefinition-${id}.json`, 'utf8')) as OperationDefinition;
}

/** The library's maps, and those that the site has written. */
function mapModule(catalogue: () => Promise<Catalogue>, library: Library, store: WrittenStore | undefined): TypeModule {
  const module = createResourceModule<ConceptMap>({
    type: 'ConceptMap',
    parameters: conformanceParameters('ConceptMap'),
    release: () => library.status().release,
    resources: async () => {
      const { maps, written } = await catalogue();
      return [...maps.map(({ listed }) => listed), ...written];
    },
    complete: async (listed) => (await catalogue()).maps.find((map) => map.listed === listed)?.read() ?? listed,
  });
  const { read, vread, history } = module;
  return store && read && vread && history
    ? { ...module, ...withWritten('ConceptMap', { store, library }, { read, vread, history }) }
    : module;
}

/** CodeSystem, ValueSet and ConceptMap as resources, and the operations of a terminology server (R4 terminology-service). */
export function terminologyModules(options: TerminologyModuleOptions): TerminologyModules {
  const { library, texts, canonicalBase, resourcesDir, written } = options;
  const catalogue = catalogueOf(library, canonicalBase, written);
  const builtIn = readBuiltIn(resourcesDir);
  const service: TerminologyOptions = { library, texts, catalogue, builtIn };
  const release = (): string => library.status().release;
  const operation = (id: string, run: (asked: Asked) => Promise<FhirAnswer>): OperationModule => ({
    definition: readOperation(resourcesDir, id),
    run: (input, request, place) => runWith(service, { input, request, place }, run),
  });
  return {
    findMembers: valueSetMembership(catalogue, builtIn),
    types: [
      createResourceModule<CodeSystem>({
        type: 'CodeSystem',
        parameters: conformanceParameters('CodeSystem'),
        release,
        resources: async () => [
          ...builtIn.filter(isOf<CodeSystem>('CodeSystem')),
          ...(await catalogue()).systems.map(({ header }) => header),
        ],
        complete: async (header) => {
          const kinds = (await catalogue()).systems.find((system) => system.header === header);
          // Ours are given whole; what others publish is asked for by the operations.
          const isOurs = header.url?.startsWith(canonicalBase) === true;
          if (!kinds || !isOurs) return header;
          const concepts = await kinds.all();
          return {
            ...header,
            concept: concepts.map(({ code, display, designations, properties }) => ({
              code,
              ...(display === undefined ? {} : { display }),
              ...(designations.length > 0 ? { designation: [...designations] } : {}),
              ...(properties.length > 0 ? { property: [...properties] } : {}),
            })),
          };
        },
      }),
      createResourceModule<ValueSet>({
        type: 'ValueSet',
        parameters: conformanceParameters('ValueSet'),
        release,
        resources: async () => [...builtIn.filter(isOf<ValueSet>('ValueSet')), ...(await catalogue()).valueSets],
      }),
      mapModule(catalogue, library, written),
    ],
    operations: [
      operation('CodeSystem-lookup', lookup),
      operation('CodeSystem-validate-code', validateInCodeSystem),
      operation('CodeSystem-subsumes', subsumes),
      operation('ValueSet-expand', expandOperation),
      operation('ValueSet-validate-code', validateInValueSet),
      operation('ConceptMap-translate', (asked) => translate(asked, library)),
      operation('versions', async () => versions()),
    ],
  };
}
