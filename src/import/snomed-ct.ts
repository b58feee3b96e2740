import { normalizeCode } from '../core/codes/normalize-code.js';
import type { ConceptFacts, CrosswalkFacts, LibraryRows } from '../build/source.js';
import {
  type ImportLog,
  type ImportSetting,
  type ImportSource,
  type InputFile,
  type RowPortions,
  findOptionalFile,
  findOneFile,
  SILENT_LOG,
} from './import-source.js';
import { copyCell } from './read/read-text.js';
import { inPortions, listOtherNames, toCodeRows } from './read/code-rows.js';
import {
  ASSOCIATIONS,
  readInherited,
  readReplacements,
  IS_A,
  RELATIONSHIPS,
  createRf2Kind,
  readRf2,
  type Rf2Kind,
} from './snomed-inheritance.js';

// The package also contains FULL and Delta files, which are ignored.
const CONCEPTS = createRf2Kind(/^x?sct2_Concept_Snapshot_/, 'concept', 'definitionStatusId');
const DESCRIPTIONS = createRf2Kind(
  /^x?sct2_Description_Snapshot-en_/,
  'English description',
  'conceptId languageCode typeId term caseSignificanceId',
);
const LANGUAGE = createRf2Kind(
  /^x?der2_cRefset_LanguageSnapshot-en_/,
  'English language refset',
  'refsetId referencedComponentId acceptabilityId',
);
const EXTENDED_MAP = createRf2Kind(
  /^x?der2_iisssccRefset_ExtendedMapSnapshot_/,
  'extended map',
  'refsetId referencedComponentId mapGroup mapPriority mapRule mapAdvice mapTarget correlationId mapCategoryId',
);

const FULLY_SPECIFIED_NAME = '900000000000003001';
const SYNONYM = '900000000000013009';
const US_ENGLISH = '900000000000509007';
const PREFERRED = '900000000000548007';
/**
 * The map of the US Edition. The other one in such files, 447562003, maps to WHO's ICD-10, for which we have no rows.
 */
const TO_ICD_10_CM = '6011000124106';

/** Concepts assembled at a time: the other files are read once for each portion, so that memory stays flat. */
const PORTION_CONCEPTS = 100_000;

/** A concept while it is being assembled. */
interface Draft {
  readonly line: number;
  readonly active: boolean;
  fullName: string;
  preferred: string;
  readonly synonyms: string[];
  parent: string | undefined;
}

/** The descriptions preferred in US English. */
async function readPreferred(file: InputFile, log: ImportLog): Promise<ReadonlySet<string>> {
  const preferred = new Set<string>();
  for await (const rows of readRf2(file, LANGUAGE, log)) {
    for (const { cells } of rows) {
      const [, , active, , refset, description = '', acceptability] = cells;
      if (active === '1' && refset === US_ENGLISH && acceptability === PREFERRED) preferred.add(copyCell(description));
    }
  }
  return preferred;
}

async function* readDrafts(file: InputFile, log: ImportLog): AsyncGenerator<Map<string, Draft>> {
  let drafts = new Map<string, Draft>();
  for await (const rows of readRf2(file, CONCEPTS, log)) {
    for (const { cells, line } of rows) {
      const [id = '', , active] = cells;
      const code = normalizeCode('snomed-ct', id);
      if (code === undefined) log.reject(file.label, line, `${id} is not a SNOMED CT concept`);
      else {
        const draft = { line, active: active === '1', fullName: '', preferred: '', synonyms: [], parent: undefined };
        drafts.set(copyCell(code), draft);
      }
    }
    if (drafts.size < PORTION_CONCEPTS) continue;
    yield drafts;
    drafts = new Map();
  }
  yield drafts;
}

async function addDescriptions(
  drafts: ReadonlyMap<string, Draft>,
  file: InputFile,
  preferred: ReadonlySet<string>,
  log: ImportLog,
): Promise<void> {
  for await (const rows of readRf2(file, DESCRIPTIONS, log)) {
    for (const { cells } of rows) {
      const [id = '', , active, , concept = '', , type, term = ''] = cells;
      const draft = active === '1' ? drafts.get(concept) : undefined;
      if (!draft) continue;
      if (type === FULLY_SPECIFIED_NAME) draft.fullName = copyCell(term);
      else if (type === SYNONYM && draft.preferred === '' && preferred.has(id)) draft.preferred = copyCell(term);
      else if (type === SYNONYM) draft.synonyms.push(copyCell(term));
    }
  }
}

/** A concept with several parents keeps the first. */
async function addParents(drafts: ReadonlyMap<string, Draft>, file: InputFile, log: ImportLog): Promise<void> {
  for await (const rows of readRf2(file, RELATIONSHIPS, log)) {
    for (const { cells } of rows) {
      const [, , active, , source = '', destination = '', , type] = cells;
      if (active !== '1' || type !== IS_A) continue;
      const draft = drafts.get(source);
      if (draft) draft.parent ??= copyCell(destination);
    }
  }
}

function toConcept(code: string, { active, fullName, preferred, synonyms, parent }: Draft): ConceptFacts | undefined {
  const name = fullName.replace(/ \([^()]+\)$/, '');
  const title = preferred || name || synonyms[0];
  if (title === undefined || title === '') return undefined;
  const names = listOtherNames([name, ...synonyms], title);
  return { system: 'snomed-ct', code, title, parent, billable: undefined, active, names };
}

const toConcepts = (drafts: ReadonlyMap<string, Draft>, file: InputFile, log: ImportLog): RowPortions =>
  toCodeRows(inPortions(drafts), ([code, draft], { concepts }) => {
    const concept = toConcept(code, draft);
    if (concept) concepts.push(concept);
    else log.reject(file.label, draft.line, `${code} has no description`);
  });

/**
 * A map target's relationship to its concept. A conditional rule (IFA …, OTHERWISE) applies to some patients only; a
 * target without its last characters (S52.521?) is wider than the concept.
 */
function toRelationship(rule: string, target: string): CrosswalkFacts['relationship'] {
  if (rule !== 'TRUE') return 'related';
  return target.endsWith('?') ? 'broader' : 'equivalent';
}

/**
 * Reads the map to ICD-10-CM. Only the first group is used: further groups add details to it.
 * @see "SNOMED CT to ICD-10-CM Map: Technical Specifications", National Library of Medicine
 */
const readMap = (file: InputFile, log: ImportLog): RowPortions =>
  toCodeRows(readRf2(file, EXTENDED_MAP, log), ({ cells, line }, { crosswalks }) => {
    const [, , active, , refset, concept = '', group, , rule = '', , target = ''] = cells;
    if (active !== '1' || refset !== TO_ICD_10_CM || group !== '1' || target === '') return;
    const code = normalizeCode('snomed-ct', concept);
    // T14.8XX? means T14.8: the X are placeholders.
    const targetCode = normalizeCode('icd-10-cm', target.replace(/(?<!X)X*(?<!\?)\?+$/, ''));
    if (code === undefined || targetCode === undefined) {
      log.reject(file.label, line, `${concept} → ${target} is not a map from SNOMED CT to ICD-10-CM`);
      return;
    }
    const to = { system: 'icd-10-cm', code: targetCode } as const;
    crosswalks.push({ from: { system: 'snomed-ct', code }, to, relationship: toRelationship(rule, target) });
  });

/** The codes that a map leads to a code of ICD-10-CM with a page: what they are a kind of is not needed. */
function noteMapped(mapped: Set<string>, { isMapped }: ImportSetting, { crosswalks = [] }: Partial<LibraryRows>): void {
  for (const { from, to } of crosswalks) if (isMapped(to)) mapped.add(from.code);
}

async function* readFiles(files: readonly InputFile[], log: ImportLog, setting: ImportSetting): RowPortions {
  const findFile = ({ pattern, wanted }: Rf2Kind): InputFile => findOneFile(files, pattern, wanted);
  const concepts = findFile(CONCEPTS);
  const descriptions = findFile(DESCRIPTIONS);
  const relationships = findFile(RELATIONSHIPS);
  const language = findOptionalFile(files, LANGUAGE.pattern, LANGUAGE.wanted);
  const map = findOptionalFile(files, EXTENDED_MAP.pattern, EXTENDED_MAP.wanted);
  const associations = findOptionalFile(files, ASSOCIATIONS.pattern, ASSOCIATIONS.wanted);
  const [, year, month, day] = /_(\d{4})(\d\d)(\d\d)\b/.exec(concepts.name) ?? [];
  const dated =
    year && month && day ? { version: `${year}${month}${day}`, date: `${year}-${month}-${day}` } : undefined;
  // No release has every code: editions and hospitals extend SNOMED CT with codes of their own.
  log.release({ version: undefined, ...dated, complete: [] });

  const preferred = language ? await readPreferred(language, log) : new Set<string>();
  const { findRow } = setting;
  const codes: string[] = [];
  let isFirst = true;
  for await (const drafts of readDrafts(concepts, log)) {
    for (const [code, { active }] of drafts) if (active) codes.push(code);
    const onceLog = isFirst ? log : SILENT_LOG;
    await addDescriptions(drafts, descriptions, preferred, onceLog);
    await addParents(drafts, relationships, onceLog);
    isFirst = false;
    yield* toConcepts(drafts, concepts, log);
  }
  const mapped = new Set<string>();
  for await (const portion of map ? readMap(map, log) : []) {
    noteMapped(mapped, setting, portion);
    yield portion;
  }
  if (!findRow) return;
  if (associations) yield { crosswalks: await readReplacements(associations, findRow, log) };
  for await (const crosswalk of readInherited(codes, relationships, findRow)) {
    if (!mapped.has(crosswalk.from.code)) yield { crosswalks: [crosswalk] };
  }
}

/**
 * SNOMED CT as published by its release centres: the snapshot of an edition's RF2 package.
 * @see https://docs.snomed.org/snomed-ct-specifications/snomed-ct-release-file-specification
 */
export const snomedCt: ImportSource = {
  name: 'snomed-ct',
  description: 'SNOMED CT: an RF2 package, with its map to ICD-10-CM where it has one (under the SNOMED CT licence)',
  read: readFiles,
};
