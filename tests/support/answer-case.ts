import { expect } from '@jest/globals';
import { ageGroupsOfMesh, ageGroupsOfMonths, ageInMonths } from '../../src/core/answer/age-group.js';
import type { AgeGroup } from '../../src/core/answer/age-group.js';
import type { Article, CarePurpose, RecipientType, Sensitivity, Sex } from '../../src/core/model/article.js';
import { findCodeSystem } from '../../src/core/codes/code-systems.js';
import type { CodeSystemId } from '../../src/core/codes/code-systems.js';
import type { KnowledgeRequest, RequestCoding, RequestContext } from '../../src/core/answer/knowledge-request.js';
import type { Answer, Relationship } from '../../src/core/answer/knowledge-response.js';
import type { Language } from '../../src/core/model/language.js';
import type { Coding, Layer } from '../../src/core/model/library.js';
import type { Treatment } from '../../src/core/policy/site-policy.js';
import { readPolicy } from '../../src/build/read-policy.js';
import type { SitePolicy } from '../../src/core/policy/site-policy.js';
import { NO_POLICY } from '../../src/core/policy/site-policy.js';
import type { MemoryMapping, MemoryRows } from './memory-library.js';
import { testText } from './memory-library.js';

/** `system|code -> article relationship rank`, or `system|code -> none`; alone, or with what else the row says. */
type CaseRow = string | { row: string; layer?: Layer; sensitivity?: Sensitivity; note?: string };

interface CaseArticle {
  ages?: AgeGroup[];
  sex?: Sex;
  sensitivity?: Sensitivity;
  languages?: Language[];
  care?: CarePurpose;
  /** In English. */
  title?: string;
}

type CaseCoding = string | { code: string; display?: string; userSelected?: boolean };

interface CaseReader {
  /** `6 mo`, `45 a`. */
  age?: string;
  /** A MeSH descriptor. */
  ageGroup?: string;
  sex?: Sex;
  language?: Language;
  recipient?: RecipientType;
  performer?: RecipientType;
  task?: string;
  encounter?: string;
  subTopics?: string[];
  listsHeld?: boolean;
}

interface CaseAnswer {
  articles?: string[];
  /** One for all articles, or one each. */
  relationship?: Relationship | Relationship[];
  /** Of the first article: `asked system|code > ancestor system|code`. */
  path?: string;
  rejected?: Record<string, string>;
  miss?: string;
  hint?: CodeSystemId;
  note?: string;
  /** The coding answered, and those that it speaks for. */
  coding?: string;
  siblings?: string[];
  /** The normalised code. */
  code?: string;
  languages?: Language[];
  sensitivity?: Sensitivity[];
  treatment?: Treatment[];
}

/** A case of tests/cases: a small library, who asks for what, and the answer. Articles are made of the rows' ids. */
export interface AnswerCase {
  name: string;
  rows: CaseRow[];
  crosswalks?: string[];
  articles?: Record<string, CaseArticle>;
  /** Articles that rows name and the library lacks. */
  absent?: string[];
  /** One code; or criteria, each one coding or a list of codings. */
  ask: CaseCoding | (CaseCoding | CaseCoding[])[];
  for?: CaseReader;
  /** Lines of a site's policy: rule,what,for,value. */
  policy?: string[];
  most?: number;
  expect: CaseAnswer | CaseAnswer[];
}

const CASE_KEYS = ['name', 'rows', 'crosswalks', 'articles', 'absent', 'ask', 'for', 'policy', 'most', 'expect'];
const READER_KEYS = 'age ageGroup sex language recipient performer task encounter subTopics listsHeld'.split(' ');
const ANSWER_KEYS =
  'articles relationship path rejected miss hint note coding siblings code languages sensitivity treatment'.split(' ');

const listOf = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? (value as readonly T[]) : [value as T];

function refuseUnknown(place: string, value: object, known: readonly string[]): void {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Error(`${place}: ${unknown.join(', ')}`);
}

/** A misspelt key would make a case that says less than it seems to. */
export function checkKeys(example: AnswerCase): void {
  refuseUnknown(example.name, example, CASE_KEYS);
  refuseUnknown(example.name, example.for ?? {}, READER_KEYS);
  for (const answer of listOf(example.expect)) {
    refuseUnknown(example.name, answer, ANSWER_KEYS);
    if ((answer.articles === undefined) === (answer.miss === undefined)) {
      throw new Error(`${example.name}: an answer has articles or is a miss`);
    }
  }
}

function splitCoding(text: string): { system: string; code: string } {
  const mark = text.indexOf('|');
  return { system: text.slice(0, mark), code: text.slice(mark + 1) };
}

function knownCoding(text: string): Coding {
  const { system, code } = splitCoding(text);
  const found = findCodeSystem(system)?.id;
  if (!found) throw new Error(`no code system in ${text}`);
  return { system: found, code };
}

function toMapping(entry: CaseRow): MemoryMapping {
  const { row, layer = 'starter', sensitivity, note = '' } = typeof entry === 'string' ? { row: entry } : entry;
  const [from = '', to = ''] = row.split(' -> ');
  const [article = '', relationship = '', rank = '1'] = to.split(' ');
  const none = article === 'none';
  return {
    ...knownCoding(from),
    layer,
    article: none ? undefined : article,
    relationship: none ? 'none' : (relationship as Relationship),
    rank: Number(rank),
    sensitivity,
    origin: 'curated',
    note,
  };
}

export function toRows({ rows, crosswalks = [], articles = {}, absent = [] }: AnswerCase): MemoryRows {
  const mappings = rows.map(toMapping);
  const ids = new Set([...mappings.flatMap(({ article }) => article ?? []), ...Object.keys(articles)]);
  return {
    mappings,
    crosswalks: crosswalks.map((crosswalk) => {
      const [from = '', to = ''] = crosswalk.split(' -> ');
      return { from: knownCoding(from), to: knownCoding(to) };
    }),
    articles: [...ids]
      .filter((id) => !absent.includes(id))
      .map((id) => {
        const { ages = [], sex, sensitivity, care, title, languages = ['en', 'es'] } = articles[id] ?? {};
        const toText = (language: Language): Article['texts'][Language] => ({
          ...testText(id, language),
          ...(title !== undefined && language === 'en' ? { title } : {}),
        });
        const texts: Article['texts'] = Object.fromEntries(languages.map((language) => [language, toText(language)]));
        return { layer: 'starter', fields: { id, ageGroups: ages, sex, sensitivity, care, texts } };
      }),
  };
}

function toCoding(entry: CaseCoding): RequestCoding {
  const { code: text, display = '', userSelected = false } = typeof entry === 'string' ? { code: entry } : entry;
  const { system: systemSent, code } = splitCoding(text);
  return { system: findCodeSystem(systemSent)?.id, systemSent, code, display, userSelected };
}

function toContext(reader: CaseReader): RequestContext {
  const [value = '', unit = ''] = (reader.age ?? '').split(' ');
  const months = ageInMonths(value, unit);
  if (reader.age !== undefined && months === undefined) throw new Error(`no age: ${reader.age}`);
  return {
    sex: reader.sex,
    ageGroups: months === undefined ? ageGroupsOfMesh(reader.ageGroup ?? '') : ageGroupsOfMonths(months),
    leastAgeMonths: months,
    recipient: reader.recipient ?? 'PAT',
    performer: reader.performer,
    language: reader.language ?? 'en',
    task: reader.task,
    encounter: reader.encounter,
    subTopics: reader.subTopics ?? [],
    listsHeld: reader.listsHeld ?? false,
  };
}

/** The policy of a case's site. */
export function policyOf(example: AnswerCase): SitePolicy {
  if (!example.policy) return NO_POLICY;
  const { policy, faults } = readPolicy(['rule,what,for,value', ...example.policy, ''].join('\n'));
  if (faults.length > 0) throw new Error(`${example.name}: ${JSON.stringify(faults)}`);
  return policy;
}

export function toRequest(example: AnswerCase): KnowledgeRequest {
  return {
    criteria: listOf(example.ask).map((criterion) => ({ codings: listOf(criterion).map(toCoding) })),
    context: toContext(example.for ?? {}),
    maxArticles: example.most ?? 3,
  };
}

const sent = ({ systemSent, code }: RequestCoding): string => `${systemSent}|${code}`;

/** An answer in the words of a case, with everything that a case may speak of. */
export function describeAnswer(answer: Answer): object {
  const { matches, rejections, miss, coding, code, siblings } = answer;
  const steps = matches[0]?.path.map((step) => `${step.kind} ${step.system}|${step.code}`);
  return {
    articles: matches.map(({ article }) => article.id),
    relationship: matches.map(({ relationship }) => relationship),
    path: steps?.join(' > '),
    rejected: Object.fromEntries(rejections.map(({ article, reason }) => [article, reason])),
    miss: miss?.reason,
    hint: miss?.hint,
    note: miss?.note ?? '',
    coding: sent(coding),
    siblings: siblings.map(sent),
    code,
    languages: matches.map(({ text }) => text.language),
    otherLanguage: matches.map(({ otherLanguage }) => otherLanguage),
    sensitivity: matches.map(({ sensitivity }) => sensitivity),
    treatment: matches.map(({ treatment }) => treatment),
  };
}

/** Expected answers of a case; of the rest: no rejection, no note, no hint, the requested language. */
export function expectedAnswers(example: AnswerCase): unknown[] {
  const asked = example.for?.language ?? 'en';
  return listOf(example.expect).map((answer) => {
    const { articles = [], relationship, rejected = {}, note = '', miss, hint, languages } = answer;
    const relationships = articles.map((_, index) =>
      typeof relationship === 'string' ? relationship : relationship?.[index],
    );
    const inLanguages = languages ?? articles.map(() => asked);
    const said = Object.fromEntries(
      (['path', 'coding', 'code', 'siblings', 'sensitivity', 'treatment'] as const)
        .filter((key) => answer[key] !== undefined)
        .map((key) => [key, answer[key]]),
    );
    return expectObject({
      articles,
      rejected,
      note,
      miss,
      hint,
      ...(relationship === undefined ? {} : { relationship: relationships }),
      languages: inLanguages,
      otherLanguage: inLanguages.map((language) => language !== asked),
      ...said,
    });
  });
}

const expectObject = (members: object): unknown => expect.objectContaining(members);
