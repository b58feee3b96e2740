import { applyDepartment, findDepartment } from '../../core/model/department.js';
import type { ChartQuestion } from '../../core/charts/chart-question.js';
import type { ChartSetting, ChartSituation } from '../../core/charts/chart-settings.js';
import { LIMITS } from '../../limits.js';
import { firstValue, type Parameters } from '../../protocols/route.js';
import type { PageContext, PageOptions } from '../page-context.js';
import { Select, Tick } from '../parts/fields.js';
import type { Packet } from './packet.js';

/** Settings that the form offers: each ticks another number of pages. */
export const FORM_SETTINGS = ['ambulatory', 'emergency', 'discharge'] as const satisfies readonly ChartSetting[];

/** The parameter by which a clinician takes all drugs of an unknown status. */
export const UNCLEAR = 'unclear';

/** How a chart is to be read, as the form sends it. */
export interface ChartChoices {
  readonly includeInactive: boolean;
  /** One of FORM_SETTINGS; empty: the one in the chart. */
  readonly setting: string;
  /** The patient has died, and pages are wanted for the family. */
  readonly includeDeceased: boolean;
  /** Drugs whose status the chart does not tell are the patient's: their pages are ticked. */
  readonly takesUnclear: boolean;
}

/** Reads how a chart is to be read. */
export const readChoices = (parameters: Parameters): ChartChoices => ({
  includeInactive: firstValue(parameters, 'inactive') === 'true',
  setting: firstValue(parameters, 'setting'),
  includeDeceased: firstValue(parameters, 'deceased') === 'true',
  takesUnclear: firstValue(parameters, UNCLEAR) === 'true',
});

/** True if a question is about a drug whose status the chart does not tell. */
export const isUnclear = ({ kind, doubt }: ChartQuestion): boolean =>
  kind === 'medication' && doubt === 'unknown-status';

/** The questions of a chart; drugs of an unknown status count as direct questions where the clinician accepts them. */
export function chooseQuestions(
  { questions }: Pick<Packet, 'questions'>,
  { takesUnclear }: ChartChoices,
): readonly ChartQuestion[] {
  if (!takesUnclear) return questions;
  return questions.map((question) => {
    const { doubt: _, ...clear } = question;
    return isUnclear(question) ? { ...clear, isAsked: true } : question;
  });
}

/** The situation in which a packet is made: the form overrides the chart, the page's department that of the chart. */
export function situate(
  { setting, includeDeceased }: ChartChoices,
  packet: Pick<Packet, 'patient' | 'setting' | 'places'>,
  { handoutLanguage, department }: Pick<PageContext, 'handoutLanguage' | 'department'>,
  now: Date,
  { maxArticles, chartThresholds, departments }: PageOptions,
): ChartSituation {
  const { patient } = packet;
  const { language = handoutLanguage, foreignLanguage, isDeceased = false } = patient ?? {};
  const room = LIMITS.maxHandoutArticles;
  return {
    now: now.getTime(),
    setting: FORM_SETTINGS.find((one) => one === setting) ?? packet.setting,
    thresholds: applyDepartment(chartThresholds, department ?? findDepartment(departments, packet.places)),
    perQuestion: maxArticles,
    isDeceased: isDeceased && !includeDeceased,
    // A list has no reader: its articles are offered as they are.
    sheet: patient === undefined ? { room } : { room, readIn: foreignLanguage === undefined ? language : 'other' },
  };
}

interface ChartChoiceFieldsProps extends ChartChoices {
  /** Whether the chart is of a person who has died. */
  readonly isDeceased: boolean;
  readonly t: PageContext['t'];
}

/** The fields of a form by which a chart is read in another way. */
export function ChartChoiceFields(props: ChartChoiceFieldsProps) {
  const { includeInactive, setting, includeDeceased, takesUnclear, isDeceased, t } = props;
  const settings = FORM_SETTINGS.map((one) => [one, t(`packet.settings.${one}`)] as const);
  const options = [['', t('packet.settings.chart')], ...settings] as const;
  return (
    <>
      {takesUnclear ? <input type="hidden" name={UNCLEAR} value="true" /> : null}
      <Tick id="inactive" name="inactive" checked={includeInactive}>
        {t('packet.inactive')}
      </Tick>
      <Select id="setting" label={t('packet.setting')} options={options} chosen={setting} />
      {isDeceased ? (
        <Tick id="deceased" name="deceased" checked={includeDeceased}>
          {t('packet.deceasedToo')}
        </Tick>
      ) : null}
    </>
  );
}
