import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';

/** Code system of the terminology ecosystem for what is wrong with a code. */
const TX_ISSUE_TYPE = 'http://hl7.org/fhir/tools/CodeSystem/tx-issue-type';

/** What is wrong, as terminology servers tell it from each other's: a code of tx-issue-type. */
export type TxIssueType =
  | 'not-in-vs'
  | 'this-code-not-in-vs'
  | 'invalid-code'
  | 'invalid-display'
  | 'invalid-data'
  | 'not-found'
  | 'vs-invalid'
  | 'cannot-infer'
  | 'code-rule'
  | 'code-comment';

export interface IssueFacts {
  readonly severity: OperationOutcomeIssue['severity'];
  readonly code: OperationOutcomeIssue['code'];
  readonly type: TxIssueType;
  readonly text: string;
  /** Where in what was sent; undefined where it is all of it. */
  readonly expression?: string | undefined;
}

function txIssue({ severity, code, type, text, expression }: IssueFacts): OperationOutcomeIssue {
  return {
    severity,
    code,
    details: { coding: [{ system: TX_ISSUE_TYPE, code: type }], text },
    ...(expression === undefined ? {} : { expression: [expression] }),
  };
}

export const txOutcome = (issues: readonly IssueFacts[]): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: issues.map(txIssue),
});

/** The message of a validation: errors and warnings, or what there is to know where there are none. */
export function joinMessages(issues: readonly IssueFacts[]): string | undefined {
  const grave = issues.filter(({ severity }) => severity !== 'information');
  const texts = new Set((grave.length > 0 ? grave : issues).map(({ text }) => text));
  return texts.size > 0 ? [...texts].sort().join('; ') : undefined;
}
