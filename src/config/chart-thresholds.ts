import type { ChartThresholds } from '../core/charts/chart-settings.js';

/** The environment variables for reading charts. */
export interface ChartEnvironment {
  CHART_PAGES_AMBULATORY: number;
  CHART_PAGES_EMERGENCY: number;
  CHART_PAGES_DISCHARGE: number;
  CHART_PAGES_PORTAL: number;
  CHART_VISIT_DAYS: number;
  CHART_SHORT_ILLNESS_DAYS: number;
  CHART_VACCINE_DAYS: number;
}

export const readChartThresholds = (settings: ChartEnvironment): ChartThresholds => ({
  mostPages: {
    ambulatory: settings.CHART_PAGES_AMBULATORY,
    emergency: settings.CHART_PAGES_EMERGENCY,
    discharge: settings.CHART_PAGES_DISCHARGE,
    portal: settings.CHART_PAGES_PORTAL,
  },
  visitDays: settings.CHART_VISIT_DAYS,
  shortIllnessDays: settings.CHART_SHORT_ILLNESS_DAYS,
  vaccineDays: settings.CHART_VACCINE_DAYS,
});
