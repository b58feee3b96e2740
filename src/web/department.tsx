import { findDepartment, type Department } from '../core/model/department.js';
import { listDepartmentNames } from '../protocols/infobutton/parameters.js';
import { firstValue, type Parameters } from '../protocols/route.js';
import type { PageContext } from './page-context.js';
import { Select } from './parts/fields.js';

/** Name of the parameter that carries a department in addresses and forms. */
export const DEPARTMENT = 'department';

/** Where a page may learn of a department. */
interface DepartmentSources {
  readonly parameters: Parameters;
  /** The ward or clinic of the encounter of a launch. */
  readonly department?: string | undefined;
}

/** The department of a page, and whether its links carry it on: a launch's session has its own. */
export interface PageDepartment {
  readonly department: Department | undefined;
  /** Id of the department that the address names. */
  readonly carriedDepartment: string | undefined;
}

/** Finds the department of a page: that of the address, else of the launch, else of an infobutton request. */
export function choosePageDepartment(
  departments: readonly Department[],
  { parameters, department: ofLaunch }: DepartmentSources,
): PageDepartment {
  if (departments.length === 0) return { department: undefined, carriedDepartment: undefined };
  const chosen = findDepartment(departments, [firstValue(parameters, DEPARTMENT)]);
  const sent = chosen ?? findDepartment(departments, ofLaunch === undefined ? listDepartmentNames(parameters) : []);
  return { department: sent ?? findDepartment(departments, [ofLaunch]), carriedDepartment: sent?.id };
}

/** The department as a field of a form. */
export function CarriedDepartment({ page: { carriedDepartment } }: { page: Pick<PageContext, 'carriedDepartment'> }) {
  return carriedDepartment === undefined ? null : <input type="hidden" name={DEPARTMENT} value={carriedDepartment} />;
}

/** Joins the names of house and department; undefined if there is neither. */
export const nameSite = (siteName: string | undefined, name: string | undefined): string | undefined =>
  siteName === undefined || name === undefined ? (siteName ?? name) : `${siteName} · ${name}`;

interface DepartmentSelectProps {
  readonly departments: readonly Department[];
  /** Name of the option without a department. */
  readonly none: string;
  readonly page: PageContext;
}

/** The choice of a department; nothing where the house has none. Without a choice a chart has that of its encounter. */
export function DepartmentSelect({ departments, none, page }: DepartmentSelectProps) {
  const { t, language, carriedDepartment = '' } = page;
  if (departments.length === 0) return null;
  const named = departments.map(({ id, names }) => [id, names[language]] as const);
  const options = [['', none], ...named] as const;
  return <Select id={DEPARTMENT} label={t('department.label')} options={options} chosen={carriedDepartment} />;
}
