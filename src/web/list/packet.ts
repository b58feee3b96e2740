import type { ChartQuestion } from '../../core/charts/chart-question.js';
import type { ChartSetting } from '../../core/charts/chart-settings.js';
import type { RequestCoding } from '../../core/answer/knowledge-request.js';
import type { ListItem } from '../../core/list/read-list.js';
import type { WholeChart } from '../../protocols/fhir/knowledge-request/read-whole-chart.js';

export interface ListReadingOptions {
  readonly includeInactive: boolean;
  readonly now: Date;
}

/** Reads a chart: a FHIR resource or Bundle in JSON or XML, or a C-CDA document. @throws RequestError */
export type ChartReader = (text: string, options: ListReadingOptions) => Promise<WholeChart>;

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

/** A pasted list or chart, or a chart of a launch: its inputs, their questions, and what it states of the patient. */
export interface Packet {
  readonly inputs: readonly PacketInput[];
  readonly questions: readonly ChartQuestion[];
  readonly setting: ChartSetting;
  /** Names and references of the places of the chart's encounter. */
  readonly places: readonly string[];
  /** Undefined for a list. */
  readonly patient: WholeChart['patient'] | undefined;
  /** The entries of a list, in the order of `inputs`; undefined for a chart. */
  readonly items: readonly ListItem[] | undefined;
}
