import { LIMITS } from '../../config.js';
import type { Library } from '../../core/library.js';
import type { Texts } from '../../texts.js';
import type { FhirAnswer, FhirRequest, OperationModule, TypeModule } from './interaction.js';
import { DocumentReader } from './read.js';
import { SEARCH_PARAMETERS } from './search-parameters.js';
import { DocumentSearch } from './search.js';

/** What the modules may be made of. */
export interface ModuleOptions {
  readonly library: Library;
  readonly texts: Texts;
  readonly canonicalBase: string;
  readonly connectorName: string;
  readonly version: string;
  /** Holds the definitions, `fhir/<type>-<id>.json`. */
  readonly resourcesDir: string;
}

/** Everything that the server can do over FHIR: the dispatcher, the CapabilityStatement and OpenAPI are made of it. */
export interface FhirModules {
  readonly types: readonly TypeModule[];
  readonly operations: readonly OperationModule[];
}

const R4_SEARCH: Readonly<Record<string, string>> = {
  event: 'http://hl7.org/fhir/SearchParameter/DocumentReference-event',
  language: 'http://hl7.org/fhir/SearchParameter/DocumentReference-language',
};

/** DocumentReference until its own module (`documents.ts`) stands here. */
function firstDocumentModule({ library, texts, canonicalBase }: ModuleOptions): TypeModule {
  const reader = new DocumentReader(library, canonicalBase);
  const translate = texts('en');
  const documents = new DocumentSearch({
    library,
    reader,
    canonicalBase,
    translate,
    mostTokens: LIMITS.maxCriteria,
  });
  const search = async ({ body: _body, ...rest }: FhirRequest): Promise<FhirAnswer> => {
    const bundle = await documents.search({ ...rest, path: '', query: '', pathParameters: {} });
    return { status: 200, resource: bundle, facts: { outcome: bundle.total === 0 ? 'empty' : 'answered' } };
  };
  return {
    type: 'DocumentReference',
    searchParameters: SEARCH_PARAMETERS.map(({ name, type, documentation }) => ({
      name,
      type,
      documentation,
      modifiers: [],
      definition: (base) => R4_SEARCH[name] ?? `${base}/SearchParameter/DocumentReference-${name}`,
    })),
    read: async (id, { baseUrl }) => ({
      status: 200,
      resource: await reader.read(id, baseUrl),
      facts: { outcome: 'answered' },
    }),
    search,
  };
}

/** The one list of what is served; each module has its line here. */
export function fhirModules(options: ModuleOptions): FhirModules {
  return {
    types: [firstDocumentModule(options)],
    operations: [],
  };
}
