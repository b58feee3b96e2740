import { codeSystem } from '../../core/codes/code-systems.js';
import type { RequestCoding } from '../../core/answer/knowledge-request.js';
import type { UsedParameter } from './parse.js';

/** The parameters of one coding that were used: its system by OID, empty ones left out. */
export function criterionParameters({
  system,
  systemSent,
  code,
  display,
  originalText = '',
}: RequestCoding): UsedParameter[] {
  const sent = systemSent.trim().replace(/^urn:oid:/i, '');
  const { oids } = system ? codeSystem(system) : { oids: [sent] };
  const oid = oids.find((one) => one === sent) ?? oids[0] ?? '';
  const all: UsedParameter[] = [
    { name: 'mainSearchCriteria.v.c', value: code.trim() },
    { name: 'mainSearchCriteria.v.cs', value: oid },
    { name: 'mainSearchCriteria.v.dn', value: display.trim() },
    { name: 'mainSearchCriteria.v.ot', value: originalText.trim() },
  ];
  return all.filter(({ value }) => value !== '');
}

const numbered = (name: string, number: number): string => (number === 0 ? name : `${name}${number}`);

/** A query of the used parameters only: criteria and repeated parameters are numbered as in the guide. */
export function effectiveQuery(codings: readonly RequestCoding[], used: readonly UsedParameter[]): URLSearchParams {
  const query = new URLSearchParams();
  codings.forEach((coding, number) => {
    for (const { name, value } of criterionParameters(coding)) query.append(numbered(name, number), value);
  });
  const seen = new Map<string, number>();
  for (const { name, value } of used) {
    const number = seen.get(name) ?? 0;
    query.append(numbered(name, number), value);
    seen.set(name, number + 1);
  }
  return query;
}
