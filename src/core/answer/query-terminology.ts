import { codeSystem, type CodeSystemId, type SubjectKind } from '../codes/code-systems.js';
import { codingKey, type Coding } from '../codes/concept.js';
import type { DrugFacts } from '../drugs/drug-facts.js';
import { nameDrug } from '../drugs/read-drug.js';
import {
  closestTargets,
  type TerminologySource,
  type TerminologyQuestion,
  type TerminologyAnswer,
} from './terminology-source.js';
import type { RequestCoding } from './knowledge-request.js';
import type { PathStep, Relationship } from './knowledge-response.js';
import type { Library, MappingRecord } from '../model/library.js';
import { normalizeCode } from '../codes/normalize-code.js';
import {
  chooseBest,
  type Finding,
  type Resolved,
  distanceOf,
  findMissOfLevel,
  selectRows,
  type Selection,
} from '../codes/resolve-coding.js';

/** The systems that a code is translated to, by its subject. */
const TARGETS: Readonly<Record<SubjectKind, readonly CodeSystemId[]>> = {
  diagnosis: ['icd-10-cm', 'snomed-ct'],
  procedure: ['snomed-ct', 'icd-10-cm'],
  subject: ['icd-10-cm', 'snomed-ct'],
  test: ['loinc'],
  drug: ['rxnorm'],
  vaccine: ['cvx'],
};

/** Further than any match within the library. */
const TERMINOLOGY_SERVER_DISTANCE = 100_000;

/** Composes two relationships: the article to the target, the target to the code. */
function compose(articleToTarget: Relationship, targetToCode: Relationship): Relationship {
  if (targetToCode === 'equivalent') return articleToTarget;
  if (articleToTarget === 'equivalent' || articleToTarget === targetToCode) return targetToCode;
  return 'related';
}

/** The question that a coding puts to the terminology server; undefined if there is none. */
function createQuestion({ system, code: sent }: RequestCoding, library: Library): TerminologyQuestion | undefined {
  if (!system || system === 'drug-name') return undefined;
  const code = normalizeCode(system, sent);
  if (code === undefined) return undefined;
  const { kind } = codeSystem(system);
  const mapped = library.status().systems;
  const targetSystems = TARGETS[kind].filter((target) => target !== system && mapped.includes(target));
  const wantsDisplay = kind === 'drug';
  return targetSystems.length > 0 || wantsDisplay
    ? { coding: { system, code }, targetSystems, wantsDisplay }
    : undefined;
}

/** A lookup in the library by the terminology server's response, one per target or name, the closest first. */
interface Lead {
  readonly coding: Coding;
  readonly relationship: Relationship;
}

function toLeads({ targets, display }: TerminologyAnswer, facts: DrugFacts | undefined): Lead[] {
  return [
    ...closestTargets(targets).map(({ system, code, relationship }): Lead => ({
      coding: { system, code },
      relationship,
    })),
    ...nameDrug(display ?? '', facts).map((code): Lead => ({
      coding: { system: 'drug-name', code },
      relationship: 'equivalent',
    })),
  ];
}

/** The rows of a lead, with the path from the requested code. */
function followLead(requested: Coding, { coding }: Lead, rows: readonly MappingRecord[]): MappingRecord[] {
  const way: PathStep[] = [
    { kind: 'asked', ...requested },
    { kind: 'elsewhere', ...coding },
  ];
  return rows.map((row) => ({ ...row, path: [...way, ...row.path.slice(1)] }));
}

/**
 * The rows of the leads closest to the code: all targets of one relationship together (as with the targets of a
 * crosswalk), names one after the other.
 */
function selectLead(
  requested: Coding,
  leads: readonly Lead[],
  rows: readonly MappingRecord[][],
): Selection | undefined {
  const tiers = new Map<string, { relationship: Relationship; records: MappingRecord[] }>();
  for (const [index, lead] of leads.entries()) {
    const key = lead.coding.system === 'drug-name' ? codingKey(lead.coding) : lead.relationship;
    const tier = tiers.get(key) ?? { relationship: lead.relationship, records: [] };
    tier.records.push(...followLead(requested, lead, rows[index] ?? []));
    tiers.set(key, tier);
  }
  for (const { relationship, records } of tiers.values()) {
    const selection = selectRows(records);
    if (!selection) continue;
    const composed = selection.rows.map((row) => ({ ...row, relationship: compose(row.relationship, relationship) }));
    return { ...selection, rows: composed.map((row) => ({ ...row, crossings: row.crossings + 1 })) };
  }
  return undefined;
}

/** Resolves a coding again with the rows found through the terminology server. */
function resolveByLeads(coding: RequestCoding, selections: ReadonlyMap<string, Selection>): Resolved | undefined {
  const { system } = coding;
  const code = system && normalizeCode(system, coding.code);
  const selection = system && code !== undefined ? selections.get(codingKey({ system, code })) : undefined;
  if (!selection) return undefined;
  const [first] = selection.rows;
  return {
    coding,
    code,
    selection,
    distance: TERMINOLOGY_SERVER_DISTANCE + (first ? distanceOf(first) : 0),
    miss: findMissOfLevel(selection),
  };
}

/** Queries the library once for all leads of all codes. */
function selectAll(
  words: readonly { coding: Coding; word: TerminologyAnswer }[],
  library: Library,
): Map<string, Selection> {
  const { drugFacts } = library.status();
  const withLeads = words.map(({ coding, word }) => ({ coding, leads: toLeads(word, drugFacts) }));
  const codings = withLeads.flatMap(({ leads }) => leads.map((lead) => lead.coding));
  const records = codings.length > 0 ? library.findMappings(codings) : [];
  const byCoding: MappingRecord[][] = codings.map(() => []);
  for (const record of records) byCoding[record.input]?.push(record);
  const selections = new Map<string, Selection>();
  let next = 0;
  for (const { coding, leads } of withLeads) {
    const selection = selectLead(coding, leads, byCoding.slice(next, next + leads.length));
    next += leads.length;
    if (selection) selections.set(codingKey(coding), selection);
  }
  return selections;
}

const listMissed = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ best }) => best.selection === undefined);

/** The questions to the terminology server about codes that the library could not answer, by the codes' keys. */
export function listQuestions(findings: readonly Finding[], library: Library): Map<string, TerminologyQuestion> {
  const codings = listMissed(findings).flatMap(({ best, siblings }) => [best.coding, ...siblings]);
  const questions = codings.flatMap((coding) => createQuestion(coding, library) ?? []);
  return new Map(questions.map((question) => [codingKey(question.coding), question]));
}

/** The terminology server's responses. */
export interface TerminologyAnswers {
  /** By the codes' keys. */
  readonly words: ReadonlyMap<string, TerminologyAnswer>;
  /** Whether every question was answered. */
  readonly isComplete: boolean;
}

/** Queries the terminology server, each code once. */
export async function fetchAnswers(
  questions: ReadonlyMap<string, TerminologyQuestion>,
  server: TerminologySource,
): Promise<TerminologyAnswers> {
  if (questions.size === 0) return { words: new Map(), isComplete: true };
  const words = await server.ask([...questions.values()]);
  const isComplete = words.every(({ isWhole }) => isWhole);
  const keys = [...questions.keys()];
  return { words: new Map(words.flatMap((word, index) => [[keys[index] ?? '', word] as const])), isComplete };
}

/** Resolves the findings that have no match again with the terminology server's responses. */
export function applyTerminologyAnswers(
  findings: readonly Finding[],
  words: ReadonlyMap<string, TerminologyAnswer>,
  library: Library,
): Finding[] {
  const answered = [...listQuestions(findings, library)].flatMap(([key, { coding }]) => {
    const word = words.get(key);
    return word ? [{ coding, word }] : [];
  });
  const selections = selectAll(answered, library);
  const resolveAgain = (finding: Finding): Finding => {
    if (finding.best.selection !== undefined) return finding;
    const all = [finding.best.coding, ...finding.siblings];
    const found = all.map((coding) => resolveByLeads(coding, selections));
    if (!found.some((one) => one)) return finding;
    const unanswered = (coding: RequestCoding): Resolved => ({ ...finding.best, coding, code: undefined });
    return chooseBest(all.map((coding, index) => found[index] ?? unanswered(coding)));
  };
  return findings.map(resolveAgain);
}
