import { ageGroupsOfMonths, type AgeGroup } from '../../../core/answer/age-group.js';
import { asObject, asText, type JsonObject } from '../../json-object.js';

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T.*)?)?)?$/;

/** A FHIR date or dateTime as milliseconds since 1970; undefined where it is none. */
function toInstant(text: string): number | undefined {
  if (!DATE.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** When a resource was noted, by the first of the elements that has a date, or a period's start or end. */
export function findNoteTime(
  resource: JsonObject,
  elements: readonly string[],
  end: 'start' | 'end',
): number | undefined {
  for (const element of elements) {
    const value = resource[element];
    const period = asObject(value);
    const time = toInstant(period ? asText(period[end]) || asText(period.start) : asText(value));
    if (time !== undefined) return time;
  }
  return undefined;
}

/**
 * The ages in whole months that a person born on a FHIR date may have; the date may be no more than a year or a month.
 * Undefined for what is no date or lies in the future.
 * @param today the day (ISO 8601) that it is where the site is
 */
export function countMonthsSinceBirth(birthDate: string, today: string): { most: number; least: number } | undefined {
  const found = DATE.exec(birthDate);
  if (!found || Number.isNaN(Date.parse(birthDate))) return undefined;
  const [, year, month, day] = found;
  // A day is a 32nd of a month here: only whole months count.
  const countParts = (fullYear: number, fullMonth: number, fullDay: number): number =>
    (fullYear * 12 + fullMonth - 1) * 32 + fullDay;
  const [thisYear = 0, thisMonth = 0, thisDay = 0] = today.split('-').map(Number);
  const months = (fullMonth: number, fullDay: number): number =>
    Math.floor((countParts(thisYear, thisMonth, thisDay) - countParts(Number(year), fullMonth, fullDay)) / 32);
  const most = months(Number(month ?? 1), Number(day ?? 1));
  if (most < 0 || most > 12 * 130) return undefined;
  return { most, least: Math.max(0, months(Number(month ?? 12), Number(day ?? 31))) };
}

/** The age groups of a person born on a FHIR date: those of every age that it allows. Undefined as above. */
export function findAgeGroupsOfBirth(birthDate: string, today: string): AgeGroup[] | undefined {
  const months = countMonthsSinceBirth(birthDate, today);
  if (!months) return undefined;
  return [...new Set([ageGroupsOfMonths(months.most), ageGroupsOfMonths(months.least)].flat())];
}
