/** Ages and the MeSH age groups that HL7 Infobutton names (code system 2.16.840.1.113883.6.177). */

const years = (count: number): number => count * 12;

/**
 * The age groups with their MeSH descriptors, from an age in months (included) to one (excluded). MeSH scope notes; "aged" is 65 and
 * over as MeSH has it (the HL7 guide prints 56–79).
 */
export const AGE_GROUPS = [
  { group: 'newborn', mesh: 'D007231', fromMonths: 0, toMonths: 1 },
  { group: 'infant', mesh: 'D007223', fromMonths: 1, toMonths: 24 },
  { group: 'preschool', mesh: 'D002675', fromMonths: 24, toMonths: years(6) },
  { group: 'child', mesh: 'D002648', fromMonths: years(6), toMonths: years(13) },
  { group: 'adolescent', mesh: 'D000293', fromMonths: years(13), toMonths: years(19) },
  { group: 'young-adult', mesh: 'D055815', fromMonths: years(19), toMonths: years(25) },
  { group: 'adult', mesh: 'D000328', fromMonths: years(19), toMonths: years(45) },
  { group: 'middle-aged', mesh: 'D008875', fromMonths: years(45), toMonths: years(65) },
  { group: 'aged', mesh: 'D000368', fromMonths: years(65), toMonths: Infinity },
  { group: 'aged-80', mesh: 'D000369', fromMonths: years(80), toMonths: Infinity },
] as const satisfies readonly { group: string; mesh: string; fromMonths: number; toMonths: number }[];

export type AgeGroup = (typeof AGE_GROUPS)[number]['group'];

const DAYS_A_MONTH = 365.25 / 12;
/** Upper bound of a plausible age; a greater figure is an error (a year of birth, days read as years). */
const MAX_AGE_YEARS = 130;

/** Months in a unit, by its names: UCUM (min h d wk mo a), the IHE table (m w d h a), and words that senders use. */
const UNITS: readonly (readonly [names: string, months: number])[] = [
  ['min minute', 1 / (DAYS_A_MONTH * 24 * 60)],
  ['h hr hour', 1 / (DAYS_A_MONTH * 24)],
  ['d day', 1 / DAYS_A_MONTH],
  ['w wk week', 7 / DAYS_A_MONTH],
  ['m mo mon month', 1],
  ['a y yr year', 12],
];
const MONTHS_IN_UNIT = new Map(
  UNITS.flatMap(([names, months]) => names.split(' ').map((name) => [name, months] as const)),
);

/**
 * Converts HL7's `age.v.v` and `age.v.u` to months. Undefined if the value is not an age or the unit is missing or
 * unknown: a number without a unit is never read as years (six months is not six years).
 */
export function ageInMonths(value: string, unit: string): number | undefined {
  const text = value.trim();
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(text)) return undefined;
  const name = unit
    .trim()
    .toLowerCase()
    .replace(/^\{|\}$/g, '');
  const months = MONTHS_IN_UNIT.get(name) ?? MONTHS_IN_UNIT.get(name.replace(/s$/, ''));
  if (months === undefined) return undefined;
  const age = Number(text) * months;
  return age <= years(MAX_AGE_YEARS) ? age : undefined;
}

/** The age groups an age lies in; one age can lie in several (20 years: young adult and adult). */
export function ageGroupsOfMonths(months: number): AgeGroup[] {
  return AGE_GROUPS.filter(({ fromMonths, toMonths }) => months >= fromMonths && months < toMonths).map(
    ({ group }) => group,
  );
}

/**
 * The age groups of an age as sent (`age.v.v`, `age.v.u`); empty if the age is unknown. Zero years can be any age below
 * one: newborn or infant.
 */
export function listAgeGroups(value: string, unit: string): AgeGroup[] {
  const months = ageInMonths(value, unit);
  if (months === undefined) return [];
  const isBelowOneYear = months === 0 && ageInMonths('1', unit) === years(1);
  return isBelowOneYear ? ['newborn', 'infant'] : ageGroupsOfMonths(months);
}

/**
 * The age groups that a patient in the MeSH group sent as `ageGroup.v.c` may be in: the group, and those that share an
 * age with it ("aged" may be over 80, a "young adult" is an adult). Empty for an unknown age group.
 */
export function ageGroupsOfMesh(mesh: string): AgeGroup[] {
  const code = mesh.trim().toUpperCase();
  const sent = AGE_GROUPS.find((facts) => facts.mesh === code);
  if (!sent) return [];
  const shared = AGE_GROUPS.filter((facts) => facts.fromMonths < sent.toMonths && sent.fromMonths < facts.toMonths);
  return shared.map(({ group }) => group);
}
