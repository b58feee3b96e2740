import type {
  CapabilityStatement,
  CodeSystem,
  CodeSystemConcept,
  Communication,
  ConceptMap,
  SearchParameter,
  TerminologyCapabilities,
  ValueSet,
} from '@medplum/fhirtypes';
import type { ArticleKind, Sensitivity } from '../../../core/model/article.js';
import { readDataFile } from '../../../core/read-data-file.js';
import { fillDescription } from '../../read-description.js';
import { dropEmpty } from './drop-empty.js';

/** Resource of each template of resources/fhir/templates.yaml. */
interface Templates {
  readonly libraryCodeSystem: CodeSystem;
  readonly systemValueSet: ValueSet;
  readonly libraryConceptMap: ConceptMap;
  readonly articles: CodeSystem;
  readonly articleKinds: CodeSystem;
  readonly capabilityStatement: CapabilityStatement;
  readonly terminologyCapabilities: TerminologyCapabilities;
  readonly searchParameter: SearchParameter;
  readonly communication: Communication;
}

interface TemplateFile extends Readonly<Record<keyof Templates, unknown>> {
  readonly describedConcepts: Pick<CodeSystem, 'filter' | 'property'>;
  readonly loincNotice: string;
  readonly kindNames: Readonly<Record<ArticleKind, string>>;
  readonly sensitivityNames: Readonly<Record<Sensitivity, string>>;
  /** The concepts of our code system of kinds. */
  readonly kindConcepts: readonly CodeSystemConcept[];
}

/** The file's own content: templates, and what is in a resource as it stands. */
export const TEMPLATES = readDataFile('fhir/templates.yaml') as TemplateFile;

/** Builds a resource by its template. @param values what `$name` stands for in it; what is undefined is left out */
export const fillTemplate = <N extends keyof Templates>(
  name: N,
  values: Readonly<Record<string, unknown>>,
): Templates[N] => dropEmpty(fillDescription(TEMPLATES[name], values) as Templates[N]);
