import type { ArticleKind, RecipientType } from '../model/article.js';
import type { RequestContext } from './knowledge-request.js';

/**
 * Which kinds of article suit a task, a setting, a sub-topic or a recipient. A code in none of the tables has no effect
 * and is reported as ignored. Sources of the codes: HL7 ActTaskCode, ActEncounterCode, MeSH qualifiers and descriptors.
 */
type Preference = Readonly<Record<string, readonly ArticleKind[]>>;

const INSTRUCTIONS: readonly ArticleKind[] = ['encypi', 'local'];
const TOPICS: readonly ArticleKind[] = ['topic', 'local'];
const TESTS: readonly ArticleKind[] = ['test'];
const DRUGS: readonly ArticleKind[] = ['drug', 'herb'];

const each = (codes: string, kinds: readonly ArticleKind[]): Record<string, readonly ArticleKind[]> =>
  Object.fromEntries(codes.split(' ').map((code) => [code, kinds]));

const TASKS: Preference = {
  ...each('DISCHINSTE DISCHSUME DISCHSUMREV', INSTRUCTIONS),
  ...each('PATEDUE PROBLISTE PROBLISTREV DIAGLISTE DIAGLISTREV PATREPE PATREPREV CLINNOTEE CLINNOTEREV', TOPICS),
  ...each('IMMLE IMMLREV', ['vis', 'topic', 'local']),
  ...each('ALLERLE ALLERLREV REMLE REMLREV WELLREMLE WELLREMLREV RISKASSESS FALLRISK', TOPICS),
  ...each('LABOE LABRREV MICRORREV MICROORGRREV MICROSENSRREV RADREPE RADREPREV', TESTS),
  ...each('MEDOE MLREV MARWLREV', DRUGS),
};

/** Not in the value set but in the guide's own examples. */
const TASK_SYNONYMS: Readonly<Record<string, string>> = { MEDLISTREV: 'MLREV' };

const ENCOUNTERS: Preference = each('IMP ACUTE NONAC EMER', INSTRUCTIONS);

const SUB_TOPICS: Preference = {
  // administration & dosage, contraindications, adverse effects, interactions, therapeutic use, pharmacology
  ...each('Q000008 Q000744 Q000009 D004347 Q000627 Q000493 Q000494 Q000633', DRUGS),
  ...each('Q000175', TESTS), // diagnosis
  ...each('Q000628', INSTRUCTIONS), // therapy
  ...each('Q000209 Q000145 D011379 Q000506', ['ency', 'genetics']), // etiology, classification, prognosis, poisoning
};

/** A clinician gets the more detailed page first; other recipients have no preference. */
const RECIPIENTS: Partial<Record<RecipientType, readonly ArticleKind[]>> = { PROV: ['ency', 'genetics'] };

const findKnown = (table: Preference, code: string): boolean => Object.hasOwn(table, code);

/** The known task code, upper case; undefined if it has no effect. */
export function findTask(sent: string): string | undefined {
  const code = sent.trim().toUpperCase();
  const task = TASK_SYNONYMS[code] ?? code;
  return findKnown(TASKS, task) ? task : undefined;
}

/** The known encounter code; undefined if it has no effect. */
export function findEncounter(sent: string): string | undefined {
  const code = sent.trim().toUpperCase();
  return findKnown(ENCOUNTERS, code) ? code : undefined;
}

/** The known sub-topic code; undefined if it has no effect. */
export function findSubTopic(sent: string): string | undefined {
  const code = sent.trim().toUpperCase();
  return findKnown(SUB_TOPICS, code) ? code : undefined;
}

/** Whether a task is about results of tests. */
export const isTestTask = (task: string | undefined): boolean => task !== undefined && TASKS[task] === TESTS;

const scoreKind = (kinds: readonly ArticleKind[] | undefined, kind: ArticleKind): number =>
  kinds?.includes(kind) ? 0 : 1;

/** Scores how a kind of article suits the request, in order of comparison: sub-topic, task, setting, recipient. */
export function contextFit(kind: ArticleKind, context: RequestContext): readonly number[] {
  const { subTopics, task, encounter, recipient } = context;
  return [
    Math.min(1, ...subTopics.map((code) => scoreKind(SUB_TOPICS[code], kind))),
    task ? scoreKind(TASKS[task], kind) : 1,
    encounter ? scoreKind(ENCOUNTERS[encounter], kind) : 1,
    scoreKind(RECIPIENTS[recipient], kind),
  ];
}
