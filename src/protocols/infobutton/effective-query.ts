import { codeSystem } from '../../core/codes/code-systems.js';
import type { RequestCoding } from '../../core/answer/knowledge-request.js';
import type { UsedParameter } from './parse.js';

/** The parameters of one coding that were used: its system by OID, empty ones left out. */
export function criterionParameters(coding: RequestCoding): UsedParameter[] {
  const { system, systemSent, originalText = '' } = coding;
  const sent = systemSent.trim().replace(/^urn:oid:/i, '');
  const { oids } = system ? codeSystem(system) : { oids: [sent] };
  const all: UsedParameter[] = [
    { name: 'mainSearchCriteria.v.c', value: coding.code.trim() },
    { name: 'mainSearchCriteria.v.cs', value: oids.find((one) => one === sent) ?? oids[0] ?? '' },
    { name: 'mainSearchCriteria.v.dn', value: coding.display.trim() },
    { name: 'mainSearchCriteria.v.ot', value: originalText.trim() },
  ];
  return all.filter(({ value }) => value !== '');
}

const numbered = (name: string, number: number): string => (number === 0 ? name : `${name}${number}`);

/** A query of what was used, and of nothing else: criteria and whatever repeats are numbered as the guide has it. */
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
