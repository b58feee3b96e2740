import type { Article, ArticleKind } from '../model/article.js';
import { readDataFile } from '../read-data-file.js';
import type { RequestContext } from './knowledge-request.js';
import { findOwn } from '../find-own.js';

/** The kinds of article that suit each code. */
type Preference = ReadonlyMap<string, readonly ArticleKind[]>;

const DATA = readDataFile('context-fit.yaml') as Readonly<
  Record<'tasks' | 'encounters' | 'subTopics' | 'recipients' | 'discharge', Readonly<Record<string, string>>>
>;

const toPreference = (rows: Readonly<Record<string, string>>): Preference =>
  new Map(
    Object.entries(rows).flatMap(([kinds, codes]) =>
      codes.split(' ').map((code) => [code, kinds.split(' ') as ArticleKind[]] as const),
    ),
  );

const TASKS = toPreference(DATA.tasks);
const ENCOUNTERS = toPreference(DATA.encounters);
const SUB_TOPICS = toPreference(DATA.subTopics);
const RECIPIENTS = toPreference(DATA.recipients);

const DISCHARGE = new Set(Object.values(DATA.discharge).join(' ').split(' '));

/** Not in the value set but in the guide's own examples. */
const TASK_SYNONYMS: Readonly<Record<string, string>> = { MEDLISTREV: 'MLREV' };

function findKnown(table: Preference, sent: string): string | undefined {
  const code = sent.trim().toUpperCase();
  const known = findOwn(TASK_SYNONYMS, code) ?? code;
  return table.has(known) ? known : undefined;
}

/** The known task code, upper case; undefined if it has no effect. */
export const findTask = (sent: string): string | undefined => findKnown(TASKS, sent);

/** The known encounter code; undefined if it has no effect. */
export const findEncounter = (sent: string): string | undefined => findKnown(ENCOUNTERS, sent);

/** The known sub-topic code; undefined if it has no effect. */
export const findSubTopic = (sent: string): string | undefined => findKnown(SUB_TOPICS, sent);

/** Whether a task is about results of tests. */
export const isTestTask = (task: string | undefined): boolean =>
  task !== undefined && (TASKS.get(task)?.includes('test') ?? false);

const scoreKind = (kinds: readonly ArticleKind[] | undefined, kind: ArticleKind): number =>
  kinds?.includes(kind) ? 0 : 1;

/** Scores how a kind of article suits the request, in order of comparison: sub-topic, task, setting, recipient. */
export function contextFit(kind: ArticleKind, context: RequestContext): readonly number[] {
  const { subTopics, task, encounter, recipient } = context;
  return [
    Math.min(1, ...subTopics.map((code) => scoreKind(SUB_TOPICS.get(code), kind))),
    task ? scoreKind(TASKS.get(task), kind) : 1,
    encounter ? scoreKind(ENCOUNTERS.get(encounter), kind) : 1,
    scoreKind(RECIPIENTS.get(recipient), kind),
  ];
}

/** True if the patient goes home after a stay: by the chart or the code (`isDischarge`), the task or the setting. */
export const isAtDischarge = ({ isDischarge = false, task = '', encounter = '' }: RequestContext): boolean =>
  isDischarge || DISCHARGE.has(task) || DISCHARGE.has(encounter);

/** True if the page is written for the way home from a hospital: its title ends so. */
export const isDischargePage = ({ texts }: Pick<Article, 'texts'>): boolean =>
  Object.values(texts).some(({ title }) => /- (?:discharge|alta)$/i.test(title));
