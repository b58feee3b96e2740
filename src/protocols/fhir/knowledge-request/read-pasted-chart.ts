import type { Resource } from '@medplum/fhirtypes';
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

/**
 * Reads a chart that somebody pasted: one resource or a Bundle in FHIR's JSON, by the rules of `$knowledge-request`.
 * Of the patient nothing but sex, age groups and language is in the result.
 * @param timeZone IANA name of the time zone whose day the patient's age is counted by
 * @throws RequestError `bad-resource`, `too-many-resources`, `too-many-criteria`
 */
export async function readPastedChart(
  text: string,
  { includeInactive, now }: { readonly includeInactive: boolean; readonly now: Date },
  timeZone: string,
): Promise<Pick<ChartInputs, 'inputs' | 'questions'> & { readonly patient: ChartPatient }> {
  const bytes = Buffer.from(text);
  if (bytes.length > LIMITS.smallRequestBytes) await takeTurn();
  const resource = await takeSteps(readResource({ contentType: 'application/fhir+json', bytes }), giveWay);
  if (!resource) return { inputs: [], questions: [], patient: { ageGroups: [] } };
  const limits = { maxResources: LIMITS.maxChartResources, maxQuestions: LIMITS.maxChartQuestions };
  const read = readInputs(asInput(resource), { includeInactive, now }, limits);
  const { inputs, questions, patients } = await takeSteps(read, giveWay);
  return { inputs, questions, patient: readPatient(patients, dayInZone(now, timeZone)) };
}
