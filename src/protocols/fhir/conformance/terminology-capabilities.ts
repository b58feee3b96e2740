import type {
  Bundle,
  CodeSystem,
  TerminologyCapabilities,
  TerminologyCapabilitiesCodeSystem,
  TerminologyCapabilitiesCodeSystemVersion,
} from '@medplum/fhirtypes';
import type { FhirRequest } from '../rest/interaction.js';
import type { FhirModules, ModuleOptions } from '../rest/module-options.js';
import { dropEmpty } from '../syntax/drop-empty.js';
import { fillTemplate } from '../syntax/template.js';

/** More code systems than one server holds. */
const ALL = '200';

/** The code systems that the server's own search finds, each once by its address. */
async function findCodeSystems({ types }: FhirModules, request: FhirRequest): Promise<CodeSystem[]> {
  const module = types.find(({ type }) => type === 'CodeSystem');
  const parameters = [['_count', ALL]] as const;
  const answer = await module?.interactions['search-type']?.({ ...request, parameters, strict: false }, {});
  const found = ((answer?.resource as Bundle<CodeSystem> | undefined)?.entry ?? []).flatMap(({ resource, search }) =>
    search?.mode === 'match' && resource ? [resource] : [],
  );
  return [...new Map(found.map((one) => [one.url, one])).values()];
}

function describeCodeSystem({
  url = '',
  version,
  filter = [],
  property = [],
  hierarchyMeaning,
}: CodeSystem): TerminologyCapabilitiesCodeSystem {
  const described = dropEmpty<TerminologyCapabilitiesCodeSystemVersion>({
    code: version,
    isDefault: true,
    compositional: false,
    filter: filter.map(({ code, operator }) => ({ code, op: [...operator] })),
    property: property.map(({ code }) => code),
  });
  return { uri: url, version: [described], subsumption: hierarchyMeaning === 'is-a' };
}

/** Returns the server's abilities with terminology (R4 TerminologyCapabilities), made of its code systems and operations. */
export async function describeTerminology(
  { library, canonicalBase, connectorName, version }: ModuleOptions,
  modules: FhirModules,
  request: FhirRequest,
): Promise<TerminologyCapabilities> {
  const systems = await findCodeSystems(modules, request);
  const expand = modules.operations.find(({ definition }) => definition.code === 'expand')?.definition;
  const parameters = (expand?.parameter ?? []).filter(({ use, type }) => use === 'in' && type !== 'ValueSet');
  return fillTemplate('terminologyCapabilities', {
    canonicalBase,
    connectorName,
    version,
    baseUrl: request.baseUrl,
    time: `${library.status().date}T00:00:00Z`,
    codeSystem: systems.map(describeCodeSystem),
    parameter: parameters.map(({ name, documentation }) => dropEmpty({ name, documentation })),
  });
}
