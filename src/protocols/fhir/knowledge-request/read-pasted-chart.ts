import { findChartSetting } from '../../../core/charts/chart-settings.js';
import { takeSteps } from '../../../core/give-way.js';
import { LIMITS } from '../../../limits.js';
import { giveWay, takeTurn } from '../../../turns.js';
import { readResource } from '../body.js';
import type { WholeChart, WholeChartOptions } from './read-whole-chart.js';
import { readWholeChart } from './read-whole-chart.js';

const NOTHING: WholeChart = { inputs: [], questions: [], setting: 'ambulatory', patient: { ageGroups: [] } };

/**
 * Reads a chart that somebody pasted: one resource or a Bundle in FHIR's JSON, by the rules of `$knowledge-request`; a clinician
 * looks at it, so facts in doubt ask as well.
 * @param timeZone IANA name of the time zone whose day the patient's age is counted by
 * @throws RequestError `bad-resource`, `too-many-resources`, `too-many-criteria`
 */
export async function readPastedChart(
  text: string,
  reading: Pick<WholeChartOptions, 'includeInactive' | 'now'>,
  timeZone: string,
): Promise<WholeChart> {
  const bytes = Buffer.from(text);
  if (bytes.length > LIMITS.smallRequestBytes) await takeTurn();
  const resource = await takeSteps(readResource({ contentType: 'application/fhir+json', bytes }), giveWay);
  if (!resource) return NOTHING;
  const findSetting = (encounterClass: string | undefined) =>
    findChartSetting(encounterClass, { task: undefined, performer: undefined });
  const options = { ...reading, asksDoubtful: true, isChart: false, encounter: undefined, findSetting };
  return readWholeChart([resource], options, timeZone);
}
