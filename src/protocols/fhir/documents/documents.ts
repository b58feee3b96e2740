import { rememberLast } from '../../../core/remember.js';
import { buildArticleProfile } from './document-reference.js';
import type { TypeModule } from '../rest/interaction.js';
import type { DocumentReader } from './read.js';
import { createDocumentParameters } from '../search/document-parameters.js';
import { DocumentSearch } from '../search/document-search.js';
import { createReadInteractions } from '../search/resource-module.js';
import { reportDeleted } from '../writing/written-reads.js';
import type { ModuleOptions } from '../rest/module-options.js';

/** References that `_include` follows. */
const INCLUDES = ['DocumentReference:relatesto'];

/** DocumentReference: each article in each language is one (R4 DocumentReference, 2.42). */
export function createDocumentModule(options: ModuleOptions, reader: DocumentReader): TypeModule {
  const { written } = options;
  const parametersAt = (baseUrl: string) => createDocumentParameters(options, baseUrl);
  const described = { type: 'DocumentReference', includes: INCLUDES, sortAliases: { title: 'description' } } as const;
  // Addresses of handouts depend on the address by which clients reach us, which hardly ever changes.
  const table = rememberLast((baseUrl: string) => ({ ...described, parameters: parametersAt(baseUrl) }));
  const documents = new DocumentSearch(options, reader, table);
  const reading = createReadInteractions((id, request) => reader.read(id, request));
  return {
    type: 'DocumentReference',
    profiles: (base) => [buildArticleProfile(base)],
    searchParameters: parametersAt(''),
    includes: INCLUDES,
    interactions: {
      ...(written ? reportDeleted('DocumentReference', written, reading) : reading),
      'search-type': (request) => documents.search(request),
    },
    lookup: {
      byId: (id, request) => reader.find(id, request),
      byCriteria: (criteria, request) => documents.findAll(criteria, request),
    },
    prepare: () => documents.prepare(),
  };
}
