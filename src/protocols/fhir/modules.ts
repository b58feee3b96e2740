import type { Library } from '../../core/library.js';
import type { Texts } from '../../texts.js';
import { definitionModules } from './definitions.js';
import { documentModule } from './documents.js';
import type { OperationModule, TypeModule } from './interaction.js';
import { knowledgeRequestOperation } from './knowledge-request/operation.js';
import { terminologyModules } from './terminology/modules.js';

/** What the modules may be made of. */
export interface ModuleOptions {
  readonly library: Library;
  readonly texts: Texts;
  readonly canonicalBase: string;
  readonly connectorName: string;
  readonly version: string;
  /** Holds the definitions, `fhir/<type>-<id>.json`. */
  readonly resourcesDir: string;
  /** The most articles that one code is answered with. */
  readonly maxArticles: number;
}

/** Everything that the server can do over FHIR: the dispatcher, the CapabilityStatement and OpenAPI are made of it. */
export interface FhirModules {
  readonly types: readonly TypeModule[];
  readonly operations: readonly OperationModule[];
}

/** The one list of what is served; each module has its line here. */
export function fhirModules(options: ModuleOptions): FhirModules {
  const terminology = terminologyModules(options);
  const modules: FhirModules = {
    types: [documentModule(options), ...definitionModules(options, () => modules), ...terminology.types],
    operations: [knowledgeRequestOperation(options), ...terminology.operations],
  };
  return modules;
}
