import { readDataFile } from '../read-data-file.js';
import type { CodeSystemId } from './normalize-code.js';

export type { CodeSystemId } from './normalize-code.js';

/** Subject of a request in this system; MedlinePlus Connect calls it the request type. */
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

const ROWS = readDataFile('code-systems/systems.yaml') as Readonly<
  Record<CodeSystemId, Omit<CodeSystem, 'id' | 'oids' | 'synonyms'> & { oids?: string; synonyms?: string }>
>;

/** The supported code systems and all their names: FHIR URI, HL7 OID, `urn:oid:`, label. */
export const CODE_SYSTEMS: readonly CodeSystem[] = Object.entries(ROWS).map(
  ([id, { oids, synonyms, ...row }]): CodeSystem => ({
    id: id as CodeSystemId,
    ...row,
    oids: oids?.split(' ') ?? [],
    synonyms: synonyms?.split(' ') ?? [],
  }),
);

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
  // SNOMED International's URIs name an edition and a version behind the system (snomed.info/sct/11000146104).
  const plain = name.replace(/^(https?:\/\/snomed\.info\/sct)\/.*$/, '$1').replace(/\/$/, '');
  return (
    byName.get(name.replace(/^urn:oid:/, '')) ?? byName.get(plain) ?? byName.get(plain.replace(/^https:/, 'http:'))
  );
}

/**
 * Systems that give a code several names, of which the starter release has one, for lookups: it is not searched by words, and another
 * name that is sent with the code may be right.
 */
export const NAMED_FOR_LOOKUPS: ReadonlySet<CodeSystemId> = new Set(['cvx', 'loinc']);
