import { definitionModules } from './definitions.js';
import { documentModule } from './documents.js';
import { DocumentReader } from './read.js';
import type { FhirModules, ModuleOptions } from './module-options.js';
import { knowledgeRequestOperation } from './knowledge-request/operation.js';
import { terminologyModules } from './terminology/modules.js';

/** The one list of what is served; each module has its line here. */
export function fhirModules(options: ModuleOptions): FhirModules {
  const terminology = terminologyModules(options);
  // One reader for all: it keeps the documents that it has made.
  const reader = new DocumentReader(options.library, options.canonicalBase);
  const modules: FhirModules = {
    types: [
      documentModule(options, reader, terminology.findMembers),
      ...definitionModules(options, () => modules),
      ...terminology.types,
    ],
    operations: [knowledgeRequestOperation(options, reader), ...terminology.operations],
  };
  return modules;
}
