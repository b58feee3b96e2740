import type { Resource } from '@medplum/fhirtypes';
import { findChartSetting } from '../../../core/charts/chart-settings.js';
import { dayInZone } from '../../../core/day-in-zone.js';
import { takeSteps } from '../../../core/give-way.js';
import { LIMITS } from '../../../limits.js';
import { giveWay, takeTurn } from '../../../turns.js';
import { readResource } from '../body.js';
import type { ChartPatient } from './read-context.js';
import { readPatient } from './read-context.js';
import type { ChartInputs } from './read-inputs.js';
import { readInputs } from './read-inputs.js';

const asInput = (resource: Resource) => new Map([['resource', [{ name: 'resource', resource }]]]);

export interface PastedChartOptions {
  readonly includeInactive: boolean;
  readonly now: Date;
}

export interface PastedChart extends Pick<ChartInputs, 'inputs' | 'questions' | 'setting'> {
  readonly patient: ChartPatient;
}

const NOTHING: PastedChart = { inputs: [], questions: [], setting: 'ambulatory', patient: { ageGroups: [] } };

/**
 * Reads a chart that somebody pasted: one resource or a Bundle in FHIR's JSON, by the rules of `$knowledge-request`; a clinician
 * looks at it, so facts in doubt ask as well. Of the patient nothing but sex, age groups, language and death is in the result.
 * @param timeZone IANA name of the time zone whose day the patient's age is counted by
 * @throws RequestError `bad-resource`, `too-many-resources`, `too-many-criteria`
 */
export async function readPastedChart(
  text: string,
  { includeInactive, now }: PastedChartOptions,
  timeZone: string,
): Promise<PastedChart> {
  const bytes = Buffer.from(text);
  if (bytes.length > LIMITS.smallRequestBytes) await takeTurn();
  const resource = await takeSteps(readResource({ contentType: 'application/fhir+json', bytes }), giveWay);
  if (!resource) return NOTHING;
  const limits = { maxResources: LIMITS.maxChartResources, maxQuestions: LIMITS.maxChartQuestions };
  const findSetting = (encounterClass: string | undefined) =>
    findChartSetting(encounterClass, { task: undefined, performer: undefined });
  const reading = { includeInactive, asksDoubtful: true, now, encounter: undefined, findSetting };
  const { inputs, questions, people, setting } = await takeSteps(
    readInputs(asInput(resource), reading, limits),
    giveWay,
  );
  return { inputs, questions, setting, patient: readPatient(people, dayInZone(now, timeZone)) };
}
