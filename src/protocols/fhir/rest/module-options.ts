import type { KeeperItem } from '../../../core/keeping/desk.js';
import type { Department } from '../../../core/model/department.js';
import type { ChartThresholds } from '../../../core/charts/chart-settings.js';
import type { TerminologySource } from '../../../core/answer/terminology-source.js';
import type { HandedOverRecord } from '../../../core/handing-over/record.js';
import type { Library } from '../../../core/model/library.js';
import type { Texts } from '../../../texts.js';
import type { WrittenStore } from '../../../core/model/written-store.js';
import type { ReadArea } from '../../read-areas.js';
import type { Interaction, OperationModule, TypeModule } from './interaction.js';
import type { CheckHandout } from '../writing/pdf-issues.js';
import type { FhirRow } from './rows.js';

/** Facts of the authorization that clients can read. */
export interface AuthorizationFacts {
  /** The issuer of JWTs; undefined: static tokens alone. */
  readonly jwt:
    { readonly issuer: string; readonly jwksUrl: string; readonly tokenUrl: string | undefined } | undefined;
  /** Areas that only authenticated clients read. */
  readonly closed: ReadonlySet<ReadArea>;
  /** Whether clients with the right to may write. */
  readonly allowsWriting: boolean;
}

/** Parts that modules are made of. */
export interface ModuleOptions {
  readonly library: Library;
  /** The terminology server, for codes that the library does not know. */
  readonly terminologySource: TerminologySource | undefined;
  readonly texts: Texts;
  readonly canonicalBase: string;
  readonly connectorName: string;
  readonly version: string;
  /** Holds the definitions, `fhir/<type>-<id>.json`. */
  readonly resourcesDir: string;
  /** The most articles that one code is answered with. */
  readonly maxArticles: number;
  readonly chartThresholds: ChartThresholds;
  /** Departments with settings of their own. */
  readonly departments: readonly Department[];
  /** IANA name of the time zone whose day a patient's age is counted by. */
  readonly timeZone: string;
  /** Resources that the site has written; undefined where it writes none. */
  readonly written?: WrittenStore | undefined;
  /** Undefined: writing is off, and reading is open. */
  readonly authorization?: AuthorizationFacts | undefined;
  /** Record of handed-over articles; undefined if nothing is recorded. */
  readonly handedOver?: HandedOverRecord | undefined;
  /** Whether a site's folder of handouts has a file of this name. */
  readonly hasHandout?: (name: string) => boolean;
  readonly checkHandout?: CheckHandout;
  /** Lists the files of mappings in the site's folder. */
  readonly listFolderMaps?: () => readonly KeeperItem[];
}

/** Everything that the server can do over FHIR: its rows, the CapabilityStatement and OpenAPI are made of it. */
export interface FhirModules {
  readonly types: readonly TypeModule[];
  readonly operations: readonly OperationModule[];
  /** The addresses of types and operations: what they answer is in the CapabilityStatement. */
  readonly rows: readonly FhirRow[];
  /** Writes of each type that the site writes, also where clients may not write over FHIR. */
  readonly writings: ReadonlyMap<string, { readonly interactions: Readonly<Record<'update' | 'delete', Interaction>> }>;
}
