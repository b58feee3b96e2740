import type { Elsewhere } from '../../core/elsewhere.js';
import type { Library } from '../../core/library.js';
import type { Texts } from '../../texts.js';
import type { OperationModule, TypeModule } from './interaction.js';

/** What the modules may be made of. */
export interface ModuleOptions {
  readonly library: Library;
  /** Asked for what the library does not know. */
  readonly elsewhere: Elsewhere | undefined;
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
