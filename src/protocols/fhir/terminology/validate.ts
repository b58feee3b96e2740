import type { CodeableConcept, Coding, ValueSet } from '@medplum/fhirtypes';
import type { AuditFacts } from '../../route.js';
import type { FhirAnswer } from '../rest/interaction.js';
import type { NamedParameter } from '../rest/operation-values.js';
import { checkCoding, findCodingPlace, nameValueSet, type CheckOptions, type CodingCheck } from './check-coding.js';
import { readDefinition } from './value-sets/members.js';
import { createIssue, createTxOutcome, joinMessages, type IssueFacts } from './issues.js';
import { chooseDisplayName } from './language.js';
import type { Scope } from './scope.js';
import type { TerminologyRequest } from './service.js';
import {
  findInstanceSystem,
  readWantedLanguages,
  createAnswer,
  toParameters,
  findRequestedValueSet,
  nameArticlesAmong,
} from './service.js';
import { dropEmpty } from '../syntax/drop-empty.js';
import { missingParameter } from '../rest/bad-request.js';

function readOptions(operation: TerminologyRequest, valueSet?: ValueSet): CheckOptions {
  return { scope: operation.scope, valueSet, languages: readWantedLanguages(operation) };
}

function describeCheck(check: CodingCheck, { languages }: CheckOptions): NamedParameter[] {
  const { coding, system, concept } = check;
  return toParameters(
    ['code', 'valueCode', concept?.code ?? coding.code ?? ''],
    ['display', 'valueString', system && concept && chooseDisplayName(system, concept, languages)?.value],
    ['system', 'valueUri', system?.url ?? coding.system],
    ['version', 'valueString', system?.version],
    ['inactive', 'valueBoolean', concept?.inactive || undefined],
  );
}

const isError = ({ severity }: IssueFacts): boolean => severity === 'error';

/** @param audit the articles among the codes that were found */
function answerWith(
  isValid: boolean,
  issues: readonly IssueFacts[],
  facts: readonly NamedParameter[],
  audit: AuditFacts,
): FhirAnswer {
  const result = isValid && !issues.some(isError);
  const message = joinMessages(issues);
  return createAnswer(
    [
      ...toParameters(['result', 'valueBoolean', result], ['message', 'valueString', message]),
      ...facts,
      ...(issues.length > 0 ? [{ name: 'issues', resource: createTxOutcome(issues) }] : []),
    ],
    result ? 'answered' : 'empty',
    audit,
  );
}

/** The answer to one coding. @param others issues that come first */
function answerOne(check: CodingCheck, options: CheckOptions, others: readonly IssueFacts[] = []): FhirAnswer {
  const isValid = check.isMember && others.length === 0;
  const audit = nameArticlesAmong([check], options.scope);
  return answerWith(isValid, [...others, ...check.issues], describeCheck(check, options), audit);
}

/**
 * One coding that is good makes its concept good, whatever the others are (R4 $validate-code, `codeableConcept`): what is wrong
 * with those is then a warning.
 */
function issuesOfConcept(checks: readonly CodingCheck[], good: CodingCheck | undefined): IssueFacts[] {
  const isGood = good !== undefined && !good.issues.some(isError);
  return checks.flatMap((check) =>
    isGood ? check.issues.map((issue) => (isError(issue) ? { ...issue, severity: 'warning' } : issue)) : check.issues,
  );
}

/** A concept to return: what R4 knows of its codings and its text, and nothing that is empty. */
function plainConcept({ coding = [], text }: CodeableConcept): CodeableConcept {
  const names = ['system', 'version', 'code', 'display', 'userSelected'] as const;
  const plain = coding.map((one): Coding =>
    Object.fromEntries(Object.entries(one).filter(([name]) => names.some((known) => known === name))),
  );
  return { coding: plain.filter((one) => Object.keys(one).length > 0), ...(text ? { text } : {}) };
}

function validateConcept(concept: CodeableConcept, options: CheckOptions): FhirAnswer {
  const { scope, valueSet } = options;
  const codings = concept.coding ?? [];
  if (!codings.some(({ code }) => code)) throw missingParameter('codeableConcept.coding');
  const checks: CodingCheck[] = [];
  for (const [index, coding] of codings.entries()) {
    const place = findCodingPlace(`CodeableConcept.coding[${index}]`, valueSet !== undefined);
    checks.push(checkCoding(coding, place, options));
  }
  const members = checks.filter(({ isMember }) => isMember);
  const good = members.find(({ issues: own }) => !own.some(isError)) ?? members[0];
  const issues = issuesOfConcept(checks, good);
  if (!good && valueSet) {
    issues.unshift(createIssue('noValidCoding', { valueSet: nameValueSet(valueSet) }));
  }
  const facts = good ? describeCheck(good, options) : [];
  const parameter: NamedParameter = { name: 'codeableConcept', valueCodeableConcept: plainConcept(concept) };
  return answerWith(good !== undefined, issues, [...facts, parameter], nameArticlesAmong(checks, scope));
}

/** The issue of a coding of another code system than the requested one. */
function listOtherSystemIssues(coding: Coding, base: Coding, scope: Scope): IssueFacts[] {
  const findSystemUrl = (url: string): string => scope.findSystem(url)?.url ?? url;
  if (!coding.system || !base.system || findSystemUrl(coding.system) === findSystemUrl(base.system)) return [];
  const values = { code: coding.code ?? '', system: coding.system, wanted: base.system };
  return [createIssue('otherSystem', values, 'Coding.system')];
}

function validate(operation: TerminologyRequest, options: CheckOptions, base: Coding): FhirAnswer {
  const { input, scope } = operation;
  const sent = input.exactlyOne('code', 'coding', 'codeableConcept');
  if (sent === 'codeableConcept') return validateConcept(input.concept(sent) ?? {}, options);
  if (sent === 'coding') {
    const coding = input.coding(sent) ?? {};
    if (!coding.code) throw missingParameter('coding.code');
    const whole = options.valueSet || coding.system || !base.system ? coding : { ...coding, system: base.system };
    const check = checkCoding(whole, findCodingPlace('Coding'), options);
    return answerOne(check, options, options.valueSet ? [] : listOtherSystemIssues(whole, base, scope));
  }
  const coding: Coding = dropEmpty({ ...base, code: input.text('code') ?? '', display: input.text('display') });
  if (!coding.system) throw missingParameter('url');
  return answerOne(checkCoding(coding, findCodingPlace(), options), options);
}

/** Whether a code is in a value set (R4 ValueSet $validate-code). */
export function validateInValueSet(operation: TerminologyRequest): FhirAnswer {
  const valueSet = findRequestedValueSet(operation);
  const { input } = operation;
  // A value set here has one code system: a code without one is of that.
  const system = input.text('system') ?? readDefinition(valueSet).system;
  const base: Coding = dropEmpty({ system, version: input.text('systemVersion') });
  return validate(operation, readOptions(operation, valueSet), base);
}

/** Whether a code is one of a code system (R4 CodeSystem $validate-code). */
export function validateInCodeSystem(operation: TerminologyRequest): FhirAnswer {
  const { input } = operation;
  const header = findInstanceSystem(operation);
  const system = header?.url ?? input.text('url', 'system');
  const base: Coding = dropEmpty({ system, version: input.text('version') });
  return validate(operation, readOptions(operation), base);
}
