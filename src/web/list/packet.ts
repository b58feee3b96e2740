import type { ChartQuestion } from '../../core/charts/chart-question.js';
import type { ChartSetting } from '../../core/charts/chart-settings.js';
import type { RequestCoding, RequestContext } from '../../core/answer/knowledge-request.js';
import type { Language } from '../../core/model/language.js';
import type { ListItem } from '../../core/list/read-list.js';

/** Who will read it, as far as the chart has it. */
export interface PastedPatient extends Pick<RequestContext, 'ageGroups' | 'leastAgeMonths'> {
  readonly sex?: RequestContext['sex'];
  /** The language that the patient prefers, where it is none of ours. */
  readonly foreignLanguage?: string | undefined;
  /** The language that the patient prefers. */
  readonly language?: Language | undefined;
  readonly isDeceased?: boolean;
}

/** What a chart holds, as FHIR's rules read it (protocols/fhir/knowledge-request). */
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

export interface ReadingOptions {
  readonly includeInactive: boolean;
  readonly now: Date;
}

/** Reads a chart: a FHIR resource or Bundle in JSON or XML, or a C-CDA document. @throws RequestError */
export type ChartReader = (text: string, options: ReadingOptions) => Promise<PastedChart>;

/** One fact of a chart, or one entry of a list. */
export interface PacketInput {
  /** How the page names it: an entry of a list as it was typed; a fact by its code's title, else by what kind of fact it is. */
  readonly name: string;
  /** Its code with the system's label; empty for an entry of a list, and for a fact without one. */
  readonly code: string;
  readonly coding: RequestCoding | undefined;
  /** Whether the clinician has to decide about it. */
  readonly isHeld: boolean;
  /** Why the library was not queried for it, in words; undefined where it was. */
  readonly fault: string | undefined;
  /** Resource type in a chart, `Coding` in a list. */
  readonly type: string;
  /** The code of its fault, where a chart's rules found one. */
  readonly reasonCode?: string;
}

/** What was pasted, or what another door read of a chart: its inputs, their questions, and what is known of the patient from it. */
export interface Packet {
  readonly inputs: readonly PacketInput[];
  readonly questions: readonly ChartQuestion[];
  readonly setting: ChartSetting;
  /** Undefined for a list. */
  readonly patient: PastedPatient | undefined;
  /** The entries of a list, in the order of `inputs`; undefined for a chart. */
  readonly items: readonly ListItem[] | undefined;
}
