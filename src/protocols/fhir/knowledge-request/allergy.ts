import { codeSystem } from '../../../core/codes/code-systems.js';
import type { RequestCoding } from '../../../core/answer/knowledge-request.js';
import type { JsonObject } from '../../json-object.js';
import { textOf } from '../../json-object.js';
import { createCoding } from './concept.js';
import { findCauseInWords, findCauseOfCategory, listCodesOfCause, isListed } from './chart-rules.js';

/** Latex goes before anything: its category is `environment` as often as `medication`. */
function listCauseCodes(resource: JsonObject, codings: readonly RequestCoding[], text: string): string[] {
  const names = [text, ...codings.map(({ display }) => display)].join(' ');
  const inWords = findCauseInWords(names);
  if (inWords === 'latex' || codings.some(({ code }) => isListed('latex', code))) return listCodesOfCause('latex');
  const { category } = resource;
  const [byCategory] = [category].flat().flatMap((name) => findCauseOfCategory(textOf(name)) ?? []);
  if (byCategory) return listCodesOfCause(byCategory);
  const isDrug = codings.some(({ system }) => system && codeSystem(system).kind === 'drug');
  return listCodesOfCause(isDrug ? 'drug' : (inWords ?? 'other'));
}

/**
 * The questions of an allergy: its own code if that names a finding (a substance's or a drug's code is about the
 * substance), then the codes of its kind of cause.
 */
export function listAllergyQuestions(
  resource: JsonObject,
  codings: readonly RequestCoding[],
  text: string,
): { readonly codings: readonly RequestCoding[]; readonly isSubject: boolean }[] {
  const findings = codings.filter(({ system }) => system && codeSystem(system).kind === 'diagnosis');
  const ofCause = listCauseCodes(resource, codings, text).map((code) => ({
    codings: [createCoding('icd-10-cm', code)],
    isSubject: true,
  }));
  return findings.length > 0 ? [{ codings: findings, isSubject: false }, ...ofCause] : ofCause;
}
