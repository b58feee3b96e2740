import type { ChartQuestion } from '../core/charts/chart-question.js';
import { KIND_OF_SUBJECT } from '../core/charts/chart-question.js';
import type { ChartSetting } from '../core/charts/chart-settings.js';
import { codeSystem } from '../core/code-systems.js';
import { RequestError } from '../core/errors.js';
import { takeSteps } from '../core/give-way.js';
import type { RequestCoding, RequestContext } from '../core/knowledge-request.js';
import type { Language } from '../core/language.js';
import type { Library } from '../core/library.js';
import { displayCode, normalizeCode } from '../core/normalize-code.js';
import type { ReadEntry } from '../core/pasted-list.js';
import { readPastedList, resolveList } from '../core/pasted-list.js';
import { collectInSlices } from '../protocols/slices.js';
import type { Translate } from '../texts.js';
import { giveWay } from '../turns.js';
import { namedCode } from './article-facts.js';

/** Who will read it, as far as a chart says. */
export interface PastedPatient extends Pick<RequestContext, 'ageGroups' | 'leastAgeMonths'> {
  readonly sex?: RequestContext['sex'];
  /** The language that the patient prefers, where it is none of ours. */
  readonly foreignLanguage?: string | undefined;
  /** The language that the patient prefers. */
  readonly language?: Language | undefined;
  readonly isDeceased?: boolean;
}

/** What a chart that was pasted holds, as FHIR's rules read it (protocols/fhir/knowledge-request). */
export interface PastedChart {
  readonly inputs: readonly {
    readonly position: string;
    readonly type: string;
    readonly coding: RequestCoding | undefined;
    readonly reading:
      | { readonly state: 'take' }
      | { readonly state: 'skip' | 'hold'; readonly reason: string; readonly status: string };
  }[];
  readonly questions: readonly ChartQuestion[];
  readonly setting: ChartSetting;
  readonly patient: PastedPatient;
}

interface ReadingOptions {
  readonly includeInactive: boolean;
  readonly now: Date;
}

/** Reads a chart in FHIR's JSON. @throws RequestError */
export type ChartReader = (text: string, options: ReadingOptions) => Promise<PastedChart>;

/** One thing that was pasted. */
export interface PacketInput {
  /** How the page names it: its code, and the title that stands beside it in a list. */
  readonly name: string;
  readonly coding: RequestCoding | undefined;
  /** Whether the clinician has to decide about it. */
  readonly isHeld: boolean;
  /** Why the library was not asked about it, in words; undefined where it was. */
  readonly fault: string | undefined;
  /** What to search for in its place; empty where there is nothing. */
  readonly words: string;
  /** Its title where a list has one: a code is none. */
  readonly title: string;
  /** Resource type in a chart, `Coding` in a list. */
  readonly type: string;
  /** The code of its fault, where a chart's rules found one. */
  readonly reasonCode?: string;
}

/** What was pasted: its inputs, what they ask, and what is known of the patient from it. */
export interface Packet {
  readonly inputs: readonly PacketInput[];
  readonly questions: readonly ChartQuestion[];
  readonly setting: ChartSetting;
  /** Undefined for a list. */
  readonly patient: PastedPatient | undefined;
}

/** A code with its system's label; undefined where it is no code of a system of ours. */
export function nameOfCoding({ system, code }: RequestCoding): string | undefined {
  const normalized = system && normalizeCode(system, code);
  if (!system || normalized === undefined) return undefined;
  return namedCode(system, normalized);
}

/** An entry of a chart by its code, else by its place: never by words of the patient's. */
function nameOfEntry(coding: RequestCoding | undefined, type: string, position: string, t: Translate): string {
  const named = coding && nameOfCoding(coding);
  if (named) return named;
  const number = /entry\[(\d+)\]$/.exec(position)?.[1];
  const kind = /^[A-Za-z]{1,40}$/.test(type) ? type : '';
  return [kind, number === undefined ? '' : t('packet.input', { number: Number(number) + 1 })].join(' ').trim();
}

/** A chart that FHIR's rules have read, as a page shows it. */
export function toPacket({ inputs, questions, setting, patient }: PastedChart, t: Translate): Packet {
  return {
    inputs: inputs.map(({ position, type, coding, reading }) => ({
      name: nameOfEntry(coding, type, position, t),
      coding,
      isHeld: reading.state === 'hold',
      fault: reading.state === 'take' ? undefined : t(`chart.${reading.reason}`, { status: reading.status }),
      words: '',
      title: '',
      type,
      ...(reading.state === 'take' ? {} : { reasonCode: reading.reason }),
    })),
    questions,
    setting,
    patient,
  };
}

/** A code that a list holds several times is asked once. */
function withoutRepeats(entries: readonly ReadEntry[]): ReadEntry[] {
  const seen = new Set<string>();
  return entries.filter(({ coding, entry }) => {
    const key = coding?.system
      ? `${coding.system}|${normalizeCode(coding.system, coding.code) ?? coding.code}`
      : entry.text;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function toInput({ entry, coding, fault, possible }: ReadEntry, t: Translate): PacketInput {
  const code = coding
    ? (nameOfCoding(coding) ?? `${codeSystem(coding.system ?? 'icd-10-cm').label} ${coding.code}`)
    : '';
  const title = coding?.display ? `${code} ${coding.display}` : code;
  const name = coding ? title : entry.text;
  const labels = possible.map((id) => codeSystem(id).label).join(', ');
  const faults = { 'no-code': t('packet.noCodeIn'), ambiguous: t('packet.ambiguous', { systems: labels }) };
  return {
    name,
    coding,
    isHeld: false,
    fault: fault && faults[fault],
    words: entry.title || (coding ? '' : entry.code),
    title: entry.title,
    type: 'Coding',
  };
}

async function readList(text: string, options: PacketOptions, t: Translate): Promise<Packet> {
  const { library, mostEntries: most, mostSteps } = options;
  const listed = await collectInSlices(readPastedList(text), (entries, steps) => {
    if (entries > most || steps > mostSteps) throw new RequestError('too-many-criteria', { most });
  });
  const entries = withoutRepeats(await takeSteps(resolveList(listed, library), giveWay));
  const questions = entries.flatMap(({ coding }, input): ChartQuestion[] => {
    if (!coding?.system) return [];
    return [
      {
        input,
        kind: KIND_OF_SUBJECT[codeSystem(coding.system).kind],
        codings: [coding],
        notedAt: undefined,
        isAsked: true,
      },
    ];
  });
  return { inputs: entries.map((entry) => toInput(entry, t)), questions, setting: 'ambulatory', patient: undefined };
}

export interface PacketOptions {
  readonly library: Library;
  readonly readChart: ChartReader;
  /** The most entries of a list. */
  readonly mostEntries: number;
  /** The most lines of it, and parts that commas divide lines into: a title may have several. */
  readonly mostSteps: number;
}

/**
 * Reads what was pasted: FHIR's JSON by a chart's rules, anything else as a list of codes.
 * @throws RequestError `bad-resource`, `too-many-resources`, `too-many-criteria`
 */
export async function readPacket(
  text: string,
  reading: ReadingOptions,
  options: PacketOptions,
  t: Translate,
): Promise<Packet> {
  const isJson = /^\s*[{[]/.test(text);
  return isJson ? toPacket(await options.readChart(text, reading), t) : readList(text, options, t);
}

/** A coding as an address carries it: `icd-10-cm|E11.9`. */
export function tokenOf({ system, code }: RequestCoding): string | undefined {
  const normalized = system && normalizeCode(system, code);
  return system && normalized !== undefined ? `${system}|${displayCode(system, normalized)}` : undefined;
}
