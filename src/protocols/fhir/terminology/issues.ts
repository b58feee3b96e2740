import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';
import type { ErrorCode } from '../../../core/errors.js';
import { readDataFile } from '../../../core/read-data-file.js';
import { dropEmpty } from '../syntax/drop-empty.js';
import { findOwn } from '../../../core/find-own.js';

/** Code system of the terminology ecosystem for what is wrong with a code. */
const TX_ISSUE_TYPE = 'http://hl7.org/fhir/tools/CodeSystem/tx-issue-type';

type IssueCode = OperationOutcomeIssue['code'];

export interface IssueFacts {
  readonly severity: OperationOutcomeIssue['severity'];
  /** Kind of the fault, as terminology servers exchange it: a code of tx-issue-type. */
  readonly type: string;
  /** Undefined: the one that the type has. */
  readonly code?: IssueCode;
  readonly text: string;
  /** Where in what was sent; undefined where it is all of it. */
  readonly expression?: string | undefined;
}

const { types, errors, issues } = readDataFile('fhir/issues.yaml') as {
  /** R4's code of each type's issues. */
  readonly types: Readonly<Record<string, IssueCode>>;
  /** Errors that other terminology servers tell with a code of tx-issue-type. */
  readonly errors: Readonly<Partial<Record<ErrorCode, string>>>;
  readonly issues: Readonly<Record<string, Pick<IssueFacts, 'severity' | 'type' | 'text'>>>;
};

/** The code of tx-issue-type with which other terminology servers report an error. */
export const findIssueType = (error: ErrorCode): string | undefined => errors[error];

/** Builds an issue of resources/fhir/issues.yaml. @param severity if it is another than the row's */
export function createIssue(
  name: string,
  values: Readonly<Record<string, string>>,
  expression?: string,
  severity?: IssueFacts['severity'],
): IssueFacts {
  const row = findOwn(issues, name);
  if (!row) throw new Error(`resources/fhir/issues.yaml has no ${name}`);
  const text = row.text.replace(/\{(\w+)\}/g, (_all, value: string) => findOwn(values, value) ?? '');
  return { ...row, severity: severity ?? row.severity, text, expression };
}

function toTxIssue({ severity, type, code, text, expression }: IssueFacts): OperationOutcomeIssue {
  return dropEmpty({
    severity,
    code: code ?? findOwn(types, type) ?? 'invalid',
    details: { coding: [{ system: TX_ISSUE_TYPE, code: type }], text },
    expression: [expression ?? []].flat(),
  });
}

export const createTxOutcome = (found: readonly IssueFacts[]): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: found.map(toTxIssue),
});

/** The message of a validation: errors and warnings, or what there is to know where there are none. */
export function joinMessages(found: readonly IssueFacts[]): string | undefined {
  const grave = found.filter(({ severity }) => severity !== 'information');
  const texts = new Set((grave.length > 0 ? grave : found).map(({ text }) => text));
  return texts.size > 0 ? [...texts].sort().join('; ') : undefined;
}
