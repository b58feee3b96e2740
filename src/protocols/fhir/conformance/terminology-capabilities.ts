import type { Bundle, CodeSystem, TerminologyCapabilities } from '@medplum/fhirtypes';
import type { FhirRequest } from '../rest/interaction.js';
import type { FhirModules, ModuleOptions } from '../rest/module-options.js';

type Systems = NonNullable<TerminologyCapabilities['codeSystem']>;

/** More code systems than one server holds. */
const ALL = '200';

/** The code systems that the server's own search finds, each once by its address. */
async function findCodeSystems({ types }: FhirModules, request: FhirRequest): Promise<CodeSystem[]> {
  const module = types.find(({ type }) => type === 'CodeSystem');
  const parameters = [['_count', ALL]] as const;
  const answer = await module?.search?.({ ...request, parameters, strict: false });
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
}: CodeSystem): Systems[number] {
  const filters = filter.map(({ code, operator }) => ({ code, op: [...operator] }));
  const properties = property.map(({ code }) => code);
  return {
    uri: url,
    version: [
      {
        ...(version === undefined ? {} : { code: version }),
        isDefault: true,
        compositional: false,
        ...(filters.length > 0 ? { filter: filters } : {}),
        ...(properties.length > 0 ? { property: properties } : {}),
      },
    ],
    subsumption: hierarchyMeaning === 'is-a',
  };
}

/** What the server can do with terminology (R4 TerminologyCapabilities), made of its code systems and operations. */
export async function terminologyCapabilities(
  { library, canonicalBase, connectorName, version }: ModuleOptions,
  modules: FhirModules,
  request: FhirRequest,
): Promise<TerminologyCapabilities> {
  const systems = await findCodeSystems(modules, request);
  const expand = modules.operations.find(({ definition }) => definition.code === 'expand')?.definition;
  const parameters = (expand?.parameter ?? []).filter(({ use, type }) => use === 'in' && type !== 'ValueSet');
  const can = (code: string): boolean => modules.operations.some(({ definition }) => definition.code === code);
  return {
    resourceType: 'TerminologyCapabilities',
    id: 'terminology',
    url: `${canonicalBase}/TerminologyCapabilities/terminology`,
    version,
    name: 'EducationConnectTerminology',
    title: connectorName,
    status: 'active',
    date: `${library.status().date}T00:00:00Z`,
    publisher: connectorName,
    description: 'The code systems that articles are found by, and what can be asked of them.',
    kind: 'instance',
    software: { name: 'Education Connect', version },
    implementation: { description: connectorName, url: `${request.baseUrl}/fhir` },
    ...(systems.length > 0 ? { codeSystem: systems.map(describeCodeSystem) } : {}),
    ...(expand
      ? {
          expansion: {
            hierarchical: false,
            paging: true,
            incomplete: false,
            parameter: parameters.map(({ name, documentation }) => ({
              name,
              ...(documentation ? { documentation } : {}),
            })),
            textFilter: 'Every word of the filter begins a word of the display or of a designation, or is the code.',
          },
        }
      : {}),
    codeSearch: 'all',
    ...(can('validate-code') ? { validateCode: { translations: false } } : {}),
    ...(can('translate') ? { translation: { needsMap: false } } : {}),
  };
}
