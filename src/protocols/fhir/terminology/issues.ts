import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';
import { readDataFile } from '../../../core/read-data-file.js';
import { dropEmpty } from '../syntax/drop-empty.js';

/** Code system of the terminology ecosystem for what is wrong with a code. */
const TX_ISSUE_TYPE = 'http://hl7.org/fhir/tools/CodeSystem/tx-issue-type';

type IssueCode = OperationOutcomeIssue['code'];

/** What is wrong, as terminology servers tell it from each other's: codes of tx-issue-type, each with R4's code of the issue. */
const ISSUE_CODES = {
  'not-in-vs': 'code-invalid',
  'this-code-not-in-vs': 'code-invalid',
  'invalid-code': 'code-invalid',
  'invalid-display': 'invalid',
  'invalid-data': 'invalid',
  'not-found': 'not-found',
  'vs-invalid': 'invalid',
  'cannot-infer': 'not-found',
  'code-rule': 'business-rule',
  'code-comment': 'business-rule',
} as const satisfies Readonly<Record<string, IssueCode>>;

export type TxIssueType = keyof typeof ISSUE_CODES;

export interface IssueFacts {
  readonly severity: OperationOutcomeIssue['severity'];
  readonly type: TxIssueType;
  /** Undefined: the one that the type has. */
  readonly code?: IssueCode;
  readonly text: string;
  /** Where in what was sent; undefined where it is all of it. */
  readonly expression?: string | undefined;
}

const ROWS = readDataFile('fhir/issues.yaml') as Readonly<Record<string, Omit<IssueFacts, 'code' | 'expression'>>>;

/** Builds an issue of resources/fhir/issues.yaml. @param severity if it is another than the row's */
export function createIssue(
  name: string,
  values: Readonly<Record<string, string>>,
  expression?: string,
  severity?: IssueFacts['severity'],
): IssueFacts {
  const row = ROWS[name];
  if (!row) throw new Error(`resources/fhir/issues.yaml has no ${name}`);
  const text = row.text.replace(/\{(\w+)\}/g, (_all, value: string) => values[value] ?? '');
  return { ...row, severity: severity ?? row.severity, text, expression };
}

function toTxIssue({ severity, type, code = ISSUE_CODES[type], text, expression }: IssueFacts): OperationOutcomeIssue {
  return dropEmpty({
    severity,
    code,
    details: { coding: [{ system: TX_ISSUE_TYPE, code: type }], text },
    expression: [expression ?? []].flat(),
  });
}

export const createTxOutcome = (issues: readonly IssueFacts[]): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: issues.map(toTxIssue),
});

/** The message of a validation: errors and warnings, or what there is to know where there are none. */
export function joinMessages(issues: readonly IssueFacts[]): string | undefined {
  const grave = issues.filter(({ severity }) => severity !== 'information');
  const texts = new Set((grave.length > 0 ? grave : issues).map(({ text }) => text));
  return texts.size > 0 ? [...texts].sort().join('; ') : undefined;
}
