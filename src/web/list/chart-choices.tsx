import type { ChartSetting, ChartSituation } from '../../core/charts/chart-settings.js';
import type { Language } from '../../core/model/language.js';
import { LIMITS } from '../../limits.js';
import type { Parameters } from '../../protocols/route.js';
import { firstValue, type PageContext, type PageOptions } from '../page-context.js';
import type { Packet } from './packet.js';

/** Settings that the form offers: each ticks another number of pages. */
const FORM_SETTINGS = ['ambulatory', 'emergency', 'discharge'] as const satisfies readonly ChartSetting[];

/** How a chart is to be read, as the form sends it. */
export interface ChartChoices {
  readonly includeInactive: boolean;
  /** One of FORM_SETTINGS; empty: the one in the chart. */
  readonly setting: string;
  /** The patient has died, and pages are wanted for the family. */
  readonly includeDeceased: boolean;
}

/** Reads how a chart is to be read. */
export const readChoices = (parameters: Parameters): ChartChoices => ({
  includeInactive: firstValue(parameters, 'inactive') === 'true',
  setting: firstValue(parameters, 'setting'),
  includeDeceased: firstValue(parameters, 'deceased') === 'true',
});

/** The situation in which a packet is made: the form overrides the chart. @param usual language of a patient who prefers none of ours */
export function situate(
  { setting, includeDeceased }: ChartChoices,
  packet: Pick<Packet, 'patient' | 'setting'>,
  usual: Language,
  now: Date,
  { maxArticles, chartThresholds }: PageOptions,
): ChartSituation {
  const { patient } = packet;
  const { language = usual, foreignLanguage, isDeceased = false } = patient ?? {};
  const room = LIMITS.maxHandoutArticles;
  return {
    now: now.getTime(),
    setting: FORM_SETTINGS.find((one) => one === setting) ?? packet.setting,
    thresholds: chartThresholds,
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
export function ChartChoiceFields({
  includeInactive,
  setting,
  includeDeceased,
  isDeceased,
  t,
}: ChartChoiceFieldsProps) {
  return (
    <>
      <p class="choice-line">
        <input type="checkbox" id="inactive" name="inactive" value="true" checked={includeInactive} />
        <label for="inactive">{t('packet.inactive')}</label>
      </p>
      <p>
        <label for="setting">{t('packet.setting')}</label>
        <select id="setting" name="setting">
          <option value="">{t('packet.settings.chart')}</option>
          {FORM_SETTINGS.map((one) => (
            <option value={one} selected={one === setting}>
              {t(`packet.settings.${one}`)}
            </option>
          ))}
        </select>
      </p>
      {isDeceased ? (
        <p class="choice-line">
          <input type="checkbox" id="deceased" name="deceased" value="true" checked={includeDeceased} />
          <label for="deceased">{t('packet.deceasedToo')}</label>
        </p>
      ) : null}
    </>
  );
}
