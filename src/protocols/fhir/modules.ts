import { definitionModules } from './definitions.js';
import { documentModule } from './documents.js';
import type { FhirModules, ModuleOptions } from './module-options.js';
import { knowledgeRequestOperation } from './knowledge-request/operation.js';
import { terminologyModules } from './terminology/modules.js';

/** The one list of what is served; each module has its line here. */
export function fhirModules(options: ModuleOptions): FhirModules {
  const terminology = terminologyModules(options);
  const modules: FhirModules = {
    types: [documentModule(options), ...definitionModules(options, () => modules), ...terminology.types],
    operations: [knowledgeRequestOperation(options), ...terminology.operations],
  };
  return modules;
}
