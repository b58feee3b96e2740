import type { Parameters } from '../route.js';
import { DEPARTMENT_NAMES, readParameters, type SentParameters } from './parameters.js';

/** Lists the names by which a request may mean a department: the organization, then the place of the service, then the place of interest. */
const readDepartmentNames = (sent: SentParameters): string[] =>
  DEPARTMENT_NAMES.map((name) => sent.first(name)).filter((value) => value !== '');

/** Lists the same of a request's parameters. */
export const listDepartmentNames = (parameters: Parameters): string[] =>
  readDepartmentNames(readParameters(parameters));
