import { isOffered } from '../../core/charts/page-weights.js';
import { nameKey } from '../../core/titles/title-words.js';
import { listNames, type Article, type ArticleKind } from '../../core/model/article.js';
import { KIND_OF_SUBJECT, type ChartKind, type ChartQuestion } from '../../core/charts/chart-question.js';
import { codeSystem } from '../../core/codes/code-systems.js';
import { groupBy } from '../../core/group-by.js';
import { RequestError } from '../../core/errors.js';
import type { DrugNames } from '../../core/drugs/drug-names.js';
import { readDrugLine } from '../../core/drugs/drug-line.js';
import type { RequestCoding } from '../../core/answer/knowledge-request.js';
import type { Coding, Library } from '../../core/model/library.js';
import { readListLines } from '../../core/list/list-lines.js';
import { isHeldByHeading, readList, type ListItem } from '../../core/list/read-list.js';
import { isByName } from '../../core/list/word-reader.js';
import { displayCode, normalizeCode } from '../../core/codes/normalize-code.js';
import type { ArticleHit } from '../../core/search/search-hit.js';
import { LIMITS } from '../../limits.js';
import { kindOfInput } from '../../protocols/group-inputs.js';
import type { Translate } from '../../texts.js';
import { namedCode } from '../parts/article-facts.js';
import type { PageContext, PageOptions } from '../page-context.js';
import { looksLikeChart } from './looks-like-chart.js';
import type { WholeChart } from '../../protocols/fhir/knowledge-request/read-whole-chart.js';
import type { Packet, PacketInput, ListReadingOptions } from './packet.js';

/** A code with its system's label; undefined where it is no code of a system of ours. */
export function nameCoding({ system, code }: RequestCoding): string | undefined {
  const normalized = system && normalizeCode(system, code);
  if (!system || normalized === undefined) return undefined;
  return namedCode(system, normalized);
}

/** A coding as an address carries it: `icd-10-cm|E11.9`. */
export function formatToken({ system, code }: RequestCoding): string | undefined {
  const normalized = system && normalizeCode(system, code);
  return system && normalized !== undefined ? `${system}|${displayCode(system, normalized)}` : undefined;
}

/** The most facts whose codes are looked up for their titles. */
const MOST_TITLED = 1000;
/** A longer title is no name. */
const MAX_TITLE_CHARS = 120;

/** A fact of a chart with all codings that it was sent with, as far as they are known. */
interface CodedInput {
  readonly type: string;
  readonly codings: readonly RequestCoding[];
}

const sentTitle = ({ codings }: CodedInput): string =>
  codings.map(({ code, display }) => (code.trim() === '' ? '' : display.trim())).find((title) => title !== '') ?? '';

/** Titles of the codes that were sent without one, by label and code. */
function findTitles(inputs: readonly CodedInput[], library: Library): Map<string, string> {
  const untitled = inputs.filter((input) => sentTitle(input) === '').flatMap(({ codings }) => codings);
  const known = untitled.flatMap(({ system, code: sent }): Coding[] => {
    const code = system && normalizeCode(system, sent);
    return system && code !== undefined ? [{ system, code }] : [];
  });
  const concepts = known.length === 0 ? [] : library.findConcepts(known.slice(0, MOST_TITLED));
  return new Map(concepts.map(({ system, code, title }) => [namedCode(system, code), title]));
}

/** The drug of an entry in words, by our own name for it: `morphine`; undefined where none is known. */
function findDrugName({ type, codings }: CodedInput, names: DrugNames | undefined): string | undefined {
  if (!type.startsWith('Medication') || !names) return undefined;
  const lines = codings.map(({ display, originalText }) => readDrugLine((display || originalText) ?? '', names));
  return lines.map((line) => line?.ingredients.join(' / ')).find(Boolean);
}

/** A fact by the title of its code, else by its kind: never by other words of the chart, which may be the patient's. */
function nameInput(input: CodedInput, code: string, titles: Map<string, string>, t: Translate): string {
  const sent = sentTitle(input).slice(0, MAX_TITLE_CHARS);
  if (sent !== '') return sent;
  const found = titles.size === 0 ? [] : input.codings.map((coding) => titles.get(nameCoding(coding) ?? ''));
  return found.find(Boolean) ?? (code || t(`chart.kinds.${kindOfInput(input.type)}`));
}

/** A status as the chart has it (`clinicalStatus resolved`), in words. */
function describeStatus(status: string, t: Translate): string {
  const code = status.split(' ').at(-1) ?? '';
  const words = t(`chart.statuses.${code}`);
  return words.startsWith('chart.') ? code : words;
}

/** A chart that a reader of ours has read, as a packet. */
export function toPacket(
  { inputs, questions, setting, places, patient }: WholeChart,
  t: Translate,
  library: Library,
): Packet {
  const byInput = groupBy(questions, ({ input }) => input);
  const coded = inputs.map(({ type, coding }, index): CodedInput => {
    const others = byInput.get(index)?.flatMap(({ codings }) => codings) ?? [];
    return { type, codings: coding ? [coding, ...others] : others };
  });
  const titles = findTitles(coded, library);
  const names = library.status().drugFacts?.names;
  return {
    inputs: inputs.map(({ type, coding, reading }, index) => {
      const code = (coding && nameCoding(coding)) ?? '';
      const input = coded[index] ?? { type, codings: [] };
      const name = nameInput(input, code || (findDrugName(input, names) ?? ''), titles, t);
      return {
        name,
        code: code === name ? '' : code,
        coding,
        isHeld: reading.state === 'hold',
        fault:
          reading.state === 'take'
            ? undefined
            : t(`chart.${reading.reason}`, { status: describeStatus(reading.status, t) }),
        type,
        ...(reading.state === 'take' ? {} : { reasonCode: reading.reason }),
      };
    }),
    questions,
    setting,
    places,
    patient,
    items: undefined,
  };
}

/** Kind of question that an article named by words answers. */
const KIND_OF_ARTICLE: Partial<Record<ArticleKind, ChartKind>> = {
  drug: 'medication',
  herb: 'medication',
  test: 'test',
  vis: 'immunization',
};
const findKind = ({ kind }: Article): ChartKind => KIND_OF_ARTICLE[kind] ?? 'problem';

/** Returns the questions of an entry: its code, or the pages that its words name. None where it is held, or has to be chosen. */
function toQuestions(item: ListItem, input: number): ChartQuestion[] {
  if (isHeldByHeading(item)) return [];
  const { reading, text } = item;
  const common = { input, notedAt: undefined, isAsked: true } as const;
  if (reading.kind === 'code') {
    const { coding } = reading;
    const kind = coding.system ? KIND_OF_SUBJECT[codeSystem(coding.system).kind] : 'problem';
    return [{ ...common, kind, codings: [coding] }];
  }
  if (reading.kind !== 'words' || !reading.understood || !isByName(reading.understood, text)) return [];
  const pages = reading.understood.hits.flatMap((hit): ArticleHit[] => (hit.kind === 'article' ? [hit] : []));
  const [first] = pages;
  if (!first) return [];
  const { understood } = reading;
  const parts = understood.kind === 'drug' && understood.isOfEachPart ? { areParts: true } : {};
  const question = { ...parts, kind: findKind(first.article), codings: [], pages };
  // "Full code" is no request for advance directives: such pages are offered, unless the entry names them.
  const isNamed = listNames(first.article).some((name) => nameKey(name) === nameKey(text));
  const isOffer = isOffered(first.article) && !isNamed;
  return [isOffer ? { ...question, input, notedAt: undefined, isOptional: true } : { ...common, ...question }];
}

function toInput({ reading, title, text }: ListItem): PacketInput {
  const coding = reading.kind === 'code' ? reading.coding : undefined;
  const code = coding && (nameCoding(coding) ?? `${codeSystem(coding.system ?? 'icd-10-cm').label} ${coding.code}`);
  const name = code === undefined ? text : `${code} ${title}`.trim();
  return { name, code: '', coding, isHeld: false, fault: undefined, type: 'Coding' };
}

/**
 * Reads a list: codes, drug lines, abbreviations, words.
 * @throws RequestError `body-too-large`, `too-many-criteria`
 */
export async function readItems(
  text: string,
  { library, vocabulary }: PageOptions,
  { language }: Pick<PageContext, 'language'>,
): Promise<ListItem[]> {
  const { maxChartQuestions: most, maxListChars, maxListParts, maxListSearches: mostSearches, maxQueryChars } = LIMITS;
  const check = (entries: number, parts = 0): void => {
    if (entries > most || parts > maxListParts) throw new RequestError('too-many-criteria', { most });
  };
  if (text.length > maxListChars) throw new RequestError('body-too-large', { most: maxListChars });
  const lines = readListLines(text, vocabulary.headings);
  // Commas divide a line into parts: a title may have several.
  check(
    lines.length,
    lines.reduce((sum, { parts }) => sum + parts.length, 0),
  );
  return readList(text, lines, check, { library, vocabulary, language, mostSearches, maxQueryChars });
}

/** The entries of a list as a packet. */
export const toListPacket = (items: readonly ListItem[]): Packet => ({
  inputs: items.map(toInput),
  questions: items.flatMap(toQuestions),
  setting: 'ambulatory',
  places: [],
  patient: undefined,
  items,
});

/**
 * Reads what was pasted: FHIR or C-CDA by a chart's rules, anything else as a list.
 * @throws RequestError `bad-resource`, `too-many-resources`, `too-many-criteria`
 */
export async function readPacket(
  text: string,
  reading: ListReadingOptions,
  options: PageOptions,
  page: Pick<PageContext, 'language' | 't'>,
): Promise<Packet> {
  const isChart = /^[{[]/.test(text.trimStart()) || looksLikeChart(text);
  if (isChart) return toPacket(await options.readChart(text, reading), page.t, options.library);
  return toListPacket(await readItems(text, options, page));
}
