/**
 * The supported code systems and all their names: FHIR URI, HL7 OID, `urn:oid:`, label.
 * `drug-name` is ours: the system of drug names, used if a drug's code has no rows.
 */
export type CodeSystemId =
  'icd-10-cm' | 'icd-9-cm' | 'icd-10' | 'snomed-ct' | 'rxnorm' | 'ndc' | 'loinc' | 'cpt' | 'cvx' | 'mesh' | 'drug-name';

/** What a request in this system is about; MedlinePlus Connect calls it the request type. */
export type SubjectKind = 'diagnosis' | 'drug' | 'test' | 'procedure' | 'vaccine' | 'subject';

export interface CodeSystem {
  readonly id: CodeSystemId;
  /** FHIR R4 canonical URI. */
  readonly uri: string;
  /** HL7 OIDs; the first is the one we send. */
  readonly oids: readonly string[];
  /** Label in a feed's subtitle and on pages. */
  readonly label: string;
  /** Category term of MedlinePlus Connect's `mainSearchCriteria.v.cs`. */
  readonly term: string;
  readonly kind: SubjectKind;
  /** Further spellings seen in practice, in lower case. */
  readonly synonyms: readonly string[];
}

const system = (
  id: CodeSystemId,
  label: string,
  term: string,
  kind: SubjectKind,
  uri: string,
  oids: readonly string[],
  synonyms: readonly string[] = [],
): CodeSystem => ({ id, uri, oids, label, term, kind, synonyms });

export const CODE_SYSTEMS: readonly CodeSystem[] = [
  system(
    'icd-10-cm',
    'ICD-10-CM',
    'ICD10CM',
    'diagnosis',
    'http://hl7.org/fhir/sid/icd-10-cm',
    ['2.16.840.1.113883.6.90'],
    ['icd10'],
  ),
  system(
    'icd-9-cm',
    'ICD-9-CM',
    'ICD9CM',
    'diagnosis',
    'http://hl7.org/fhir/sid/icd-9-cm',
    ['2.16.840.1.113883.6.103'],
    ['icd9', 'icd-9', 'http://hl7.org/fhir/sid/icd-9-cm/diagnosis'],
  ),
  system('icd-10', 'ICD-10 (WHO)', 'ICD10WHO', 'diagnosis', 'http://hl7.org/fhir/sid/icd-10', [
    '2.16.840.1.113883.6.3',
  ]),
  system(
    'snomed-ct',
    'SNOMED CT',
    'SNOMEDCT',
    'diagnosis',
    'http://snomed.info/sct',
    ['2.16.840.1.113883.6.96'],
    ['snomed', 'sct'],
  ),
  system(
    'rxnorm',
    'RXCUI',
    'RXNORM',
    'drug',
    'http://www.nlm.nih.gov/research/umls/rxnorm',
    ['2.16.840.1.113883.6.88'],
    ['rxcui'],
  ),
  system('ndc', 'NDC', 'NDC', 'drug', 'http://hl7.org/fhir/sid/ndc', ['2.16.840.1.113883.6.69']),
  system('loinc', 'LOINC', 'LOINC', 'test', 'http://loinc.org', ['2.16.840.1.113883.6.1', '2.16.840.1.113883.11.79']),
  system(
    'cpt',
    'CPT',
    'CPT',
    'procedure',
    'http://www.ama-assn.org/go/cpt',
    ['2.16.840.1.113883.6.12'],
    ['cpt4', 'cpt-4'],
  ),
  // The second OID is that of C32 and of the first C-CDA.
  system('cvx', 'CVX', 'CVX', 'vaccine', 'http://hl7.org/fhir/sid/cvx', [
    '2.16.840.1.113883.12.292',
    '2.16.840.1.113883.6.59',
  ]),
  system('mesh', 'MeSH', 'MESH', 'subject', 'https://www.nlm.nih.gov/mesh', ['2.16.840.1.113883.6.177']),
  system('drug-name', 'Drug name', 'DRUGNAME', 'drug', 'urn:education-connect:drug-name', []),
];

const byId = new Map(CODE_SYSTEMS.map((codeSystem) => [codeSystem.id, codeSystem]));
const byName = new Map<string, CodeSystem>();
for (const codeSystem of CODE_SYSTEMS) {
  const { id, uri, oids, label, term, synonyms } = codeSystem;
  for (const name of [id, uri, label, term, ...oids, ...synonyms]) byName.set(name.toLowerCase(), codeSystem);
}

/** The code system of one of our ids. */
export function codeSystem(id: CodeSystemId): CodeSystem {
  const found = byId.get(id);
  if (!found) throw new RangeError(`no code system ${id}`);
  return found;
}

/** Whether a text is the id of a code system, as a mapping file's name must be. */
export function isCodeSystemId(text: string): text is CodeSystemId {
  return byId.has(text as CodeSystemId);
}

/**
 * Finds the code system for an OID, `urn:oid:`, FHIR URI or label, in any case, with surrounding spaces. Undefined if
 * unknown.
 */
export function findCodeSystem(sent: string): CodeSystem | undefined {
  const name = sent.trim().toLowerCase();
  return byName.get(name.replace(/^urn:oid:/, '')) ?? byName.get(name.replace(/\/$/, ''));
}

/**
 * Systems that give a code several names, of which the starter release has one, for lookups: it is not searched by words, and another
 * name that is sent with the code may be right.
 */
export const NAMED_FOR_LOOKUPS: ReadonlySet<CodeSystemId> = new Set(['cvx', 'loinc']);
