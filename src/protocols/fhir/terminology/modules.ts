import type { CodeSystem, CodeSystemConcept, ConceptMap, ValueSet } from '@medplum/fhirtypes';
import type { Library } from '../../../core/model/library.js';
import type { WrittenStore } from '../../../core/model/written-store.js';
import type { FhirAnswer, OperationModule, TypeModule } from '../rest/interaction.js';
import { listShipped, readOperation } from '../rest/shipped.js';
import { createResourceModule } from '../search/resource-module.js';
import { reportDeleted } from '../writing/written-reads.js';
import { createTerminologyCatalogue, type TerminologyCatalogue } from './catalogue.js';
import { expand } from './value-sets/expand.js';
import { lookup, subsumes, listVersions } from './lookup.js';
import { InputReader } from './operation-input.js';
import { Scope } from './scope.js';
import { reportErrors, type TerminologyRequest } from './service.js';
import { createResourceSystem } from './systems/term-system.js';
import { translate } from './maps/translate.js';
import { validateInCodeSystem, validateInValueSet } from './validate.js';
import { listParameters } from '../search/resource-parameters.js';
import type { ModuleOptions } from '../rest/module-options.js';
import { dropEmpty } from '../syntax/drop-empty.js';

/**
 * Terminology that R4 lets a request supply, or leave out, or take in another version: a terminology server evaluates it, this one
 * only what its library holds. An answer without them would be to another question.
 */
const DECLINED = [
  ...['tx-resource', 'useSupplement', 'codeSystem', 'conceptMap', 'valueSet'],
  ...['system-version', 'check-system-version', 'force-system-version', 'exclude-system'],
];

/** The library's maps, and those that the site has written. */
function createMapModule(
  catalogue: () => Promise<TerminologyCatalogue>,
  library: Library,
  store: WrittenStore | undefined,
): TypeModule {
  const module = createResourceModule<ConceptMap>({
    type: 'ConceptMap',
    parameters: listParameters('ConceptMap'),
    release: () => library.status().release,
    resources: async () => {
      const { maps, written } = await catalogue();
      return [...maps.map(({ listed }) => listed), ...written];
    },
    complete: async (listed) => (await catalogue()).maps.find((map) => map.listed === listed)?.read() ?? listed,
  });
  if (!store) return module;
  const { interactions } = module;
  return {
    ...module,
    interactions: { ...interactions, ...reportDeleted('ConceptMap', store, interactions) },
  };
}

/** CodeSystem, ValueSet and ConceptMap as resources, and the operations of a terminology server (R4 terminology-service). */
export function createTerminologyModules(options: ModuleOptions) {
  const { library, texts, canonicalBase, written } = options;
  // Those that no library holds: HL7's that terminology requests use, and our own of cards.
  const shipped = listShipped('terminology', options);
  const codeSystems = shipped.filter((one) => one.resourceType === 'CodeSystem');
  const valueSets = shipped.filter((one) => one.resourceType === 'ValueSet');
  const builtIn = { systems: codeSystems.map(createResourceSystem), valueSets };
  const catalogue = createTerminologyCatalogue(library, { canonicalBase, builtIn, store: written });
  const release = (): string => library.status().release;
  const operation = (
    id: string,
    run: (call: TerminologyRequest) => FhirAnswer | Promise<FhirAnswer>,
  ): OperationModule => ({
    definition: readOperation(id, options),
    declined: DECLINED,
    run: (input, request, place) =>
      reportErrors(texts, async () => {
        const scope = new Scope(await catalogue());
        return run({ input: new InputReader(input), scope, request, place });
      }),
  });
  return {
    types: [
      createResourceModule<CodeSystem>({
        type: 'CodeSystem',
        parameters: listParameters('CodeSystem'),
        release,
        resources: async () => {
          const { systems } = await catalogue();
          // HL7's are returned as they are; the others' concepts are added where one is read.
          return [...codeSystems, ...systems.slice(codeSystems.length).map(({ header }) => header)];
        },
        complete: async (header) => {
          const system = (await catalogue()).systems.find((one) => one.header === header);
          // Ours are returned whole; concepts of other publishers are reached by the operations.
          if (!system || header.url?.startsWith(canonicalBase) !== true) return header;
          const concept = (await system.all()).map(({ code, display, designations, properties }) =>
            dropEmpty<CodeSystemConcept>({ code, display, designation: [...designations], property: [...properties] }),
          );
          return { ...header, concept };
        },
      }),
      createResourceModule<ValueSet>({
        type: 'ValueSet',
        parameters: listParameters('ValueSet'),
        release,
        resources: async () => (await catalogue()).valueSets,
      }),
      createMapModule(catalogue, library, written),
    ],
    operations: [
      operation('CodeSystem-lookup', lookup),
      operation('CodeSystem-validate-code', validateInCodeSystem),
      operation('CodeSystem-subsumes', subsumes),
      operation('ValueSet-expand', expand),
      operation('ValueSet-validate-code', validateInValueSet),
      operation('ConceptMap-translate', (call) => translate(call, library)),
      operation('CapabilityStatement-versions', () => listVersions()),
    ],
  };
}
