import type { Parameters } from '../../route.js';
import type { FhirRequest } from '../rest/interaction.js';
import { isResultParameter } from '../search/read-search.js';
import { badValue } from '../rest/bad-request.js';

const HEADER = 'If-None-Exist';

/** The version that `If-Match` names; `some`: any that is there. A tag that no version of ours has matches nothing (`unknown`). */
export function readIfMatch({ headers }: Pick<FhirRequest, 'headers'>): string | undefined {
  const tag = headers['if-match']?.trim();
  if (tag === undefined || tag === '') return undefined;
  if (tag === '*') return 'some';
  const [, draft = '', version] = /^(?:W\/)?"?(draft-)?(\d{1,9})"?$/.exec(tag) ?? [];
  return version === undefined ? 'unknown' : `${draft}${Number(version)}`;
}

/**
 * The criteria of a conditional create (R4 http, 3.1.0.8.1). R4 sends the query alone; HAPI sends an address, relative or whole,
 * whose server may have another name behind a proxy.
 * @returns undefined where the request has no condition
 * @throws RequestError `bad-parameter-value` for the address of another type, or without criteria
 */
export function readIfNoneExist({ headers }: FhirRequest, type: string): Parameters | undefined {
  const sent = headers['if-none-exist'];
  if (typeof sent !== 'string' || sent.trim() === '') return undefined;
  // A question mark after an equals sign belongs to a value: `url=http://example.org/x?y`.
  const [, address, rest] = /^([^=?]*)\?(.*)$/s.exec(sent.trim()) ?? [];
  const isOfType = address === undefined || address === '' || address.split('/').at(-1) === type;
  if (!isOfType) throw badValue(HEADER, `expected criteria of ${type}, as in ${type}?identifier=system|value`);
  return checkCriteria([...new URLSearchParams(rest ?? sent.trim())], HEADER);
}

/** @throws RequestError `bad-parameter-value` for what finds resources otherwise than by criteria, and for none at all */
function checkCriteria(criteria: Parameters, place: string): Parameters {
  // A page of none, say, would find nothing, and the write would make a duplicate.
  const outside = criteria.find(([name]) => isResultParameter(name))?.[0];
  if (outside !== undefined) throw badValue(place, `${outside} is not a criterion`);
  if (criteria.every(([, value]) => value.trim() === '')) throw badValue(place, 'expected criteria, as name=value');
  return criteria;
}

/**
 * The criteria of a conditional update or delete, which are the query of its address (R4 http, 3.1.0.4.1 and 3.1.0.7.1).
 * @throws RequestError `bad-parameter-value` without criteria
 */
export const readCriteria = ({ parameters }: Pick<FhirRequest, 'parameters'>): Parameters =>
  checkCriteria(parameters, 'criteria');
