import type { RecipientType } from '../model/article.js';
import type { Language } from '../model/language.js';
import { findOwn } from '../find-own.js';
import type { ChartKind } from './chart-question.js';

/** Setting in which the packet is handed over. */
export type ChartSetting = 'ambulatory' | 'emergency' | 'discharge' | 'portal';

/**
 * Kinds of facts whose pages a department ticks. `medication` is every drug, `new-medication` one that is new or changed in the encounter;
 * pages on high-risk drugs are ticked everywhere, and `high-risk-medication` alone leaves only them.
 */
export type TickedKind = ChartKind | 'new-medication' | 'high-risk-medication';

/** Settings of a site on how a chart is read. Days are counted back from the request. */
export interface ChartThresholds {
  /** The most pages that are chosen; drugs that are new are never cut by it, but at a portal. */
  readonly mostPages: Readonly<Record<ChartSetting, number>>;
  /** A chart without encounters: what was noted within so many days counts as part of the present visit. */
  readonly visitDays: number;
  /** A short illness, a course of a drug and an open order are past after so many days. */
  readonly shortIllnessDays: number;
  /** A vaccine is explained for so many days after its administration. */
  readonly vaccineDays: number;
  /** The kinds of facts whose pages are chosen; undefined: all. */
  readonly ticked?: readonly TickedKind[] | undefined;
}

/** A sheet that the chosen pages go on: pages that are marked as sensitive wait for a clinician's choice, but drugs that an adult takes. */
export interface ChartSheet {
  /** The most pages that it has room for. */
  readonly room: number;
  /** The language that it is read in, `other` for one that is none of ours: pages that lack it wait as well. */
  readonly readIn?: Language | 'other';
}

/** Circumstances of a chart beside its facts and its reader. */
export interface ChartSituation {
  /** The request's time, milliseconds since 1970. */
  readonly now: number;
  readonly setting: ChartSetting;
  readonly thresholds: ChartThresholds;
  /** The most articles of a question that are listed. */
  readonly perQuestion: number;
  /** Present where the chosen pages are ticked for a sheet at once. */
  readonly sheet?: ChartSheet;
  /** The patient has died, and the request does not include pages for the deceased. */
  readonly isDeceased?: boolean;
}

const SETTINGS: Readonly<Record<string, ChartSetting | undefined>> = {
  EMER: 'emergency',
  IMP: 'discharge',
  ACUTE: 'discharge',
  NONAC: 'discharge',
  OBSENC: 'discharge',
  SS: 'discharge',
};

/**
 * The setting that a chart is read for: a patient who works the screen is at a portal; a discharge is recognized by its task,
 * else by the encounter's class (HL7 v3 ActEncounterCode). Anything else is ambulatory.
 */
export function findChartSetting(
  encounterClass: string | undefined,
  { task, performer }: { readonly task: string | undefined; readonly performer: RecipientType | undefined },
): ChartSetting {
  if (performer === 'PAT') return 'portal';
  if (task?.startsWith('DISCH')) return 'discharge';
  return findOwn(SETTINGS, encounterClass?.trim().toUpperCase() ?? '') ?? 'ambulatory';
}
