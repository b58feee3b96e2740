import { codeSystem } from '../../../core/codes/code-systems.js';
import type { RequestCoding } from '../../../core/answer/knowledge-request.js';
import type { JsonObject } from '../../json-object.js';
import { textOf } from '../../json-object.js';
import { causeInWords, causeOfCategory, codesOfCause, isListed } from './chart-rules.js';

/** Latex goes before anything: its category is `environment` as often as `medication`. */
function codesAsked(resource: JsonObject, codings: readonly RequestCoding[], text: string): string[] {
  const names = [text, ...codings.map(({ display }) => display)].join(' ');
  const inWords = causeInWords(names);
  if (inWords === 'latex' || codings.some(({ code }) => isListed('latex', code))) return codesOfCause('latex');
  const { category } = resource;
  const [byCategory] = [category].flat().flatMap((name) => causeOfCategory(textOf(name)) ?? []);
  if (byCategory) return codesOfCause(byCategory);
  const isDrug = codings.some(({ system }) => system && codeSystem(system).kind === 'drug');
  return codesOfCause(isDrug ? 'drug' : (inWords ?? 'other'));
}

const asIcd = (code: string): RequestCoding => {
  const { id, uri } = codeSystem('icd-10-cm');
  return { system: id, systemSent: uri, code, display: '', userSelected: false };
};

/**
 * The questions of an allergy: its own code if that names a finding (a substance's or a drug's code is about the
 * substance), then the codes of its kind of cause.
 */
export function allergyQuestions(
  resource: JsonObject,
  codings: readonly RequestCoding[],
  text: string,
): { readonly codings: readonly RequestCoding[]; readonly isSubject: boolean }[] {
  const findings = codings.filter(({ system }) => system && codeSystem(system).kind === 'diagnosis');
  const asked = codesAsked(resource, codings, text).map((code) => ({ codings: [asIcd(code)], isSubject: true }));
  return findings.length > 0 ? [{ codings: findings, isSubject: false }, ...asked] : asked;
}
