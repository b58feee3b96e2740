import type { DocumentReference, OperationOutcomeIssue, Resource } from '@medplum/fhirtypes';
import { findPdfFaults, type PdfFinding, type PdfReading } from '../../../core/keeping/pdf-facts.js';
import { findPdfGrade } from '../../../core/keeping/pdf-report.js';
import { handoutName } from '../../../core/model/article.js';
import { chooseLanguage } from '../../../core/model/language.js';
import type { Translate } from '../../../texts.js';
import { createOutcome } from '../rest/outcome.js';
import { FaultList } from './faults.js';

/** Checks a PDF of the site's folder; undefined: it takes longer than a client waits. */
export type CheckHandout = (name: string) => Promise<PdfReading | undefined>;

const AT = 'DocumentReference.content[0].attachment';

/** A handout's PDF and its check. */
export interface AttachedPdf {
  /** `elsewhere`: on another server, which is not queried. */
  readonly reading: PdfReading | 'elsewhere' | undefined;
  readonly findings: readonly PdfFinding[];
}

/** Findings that are no matter of access: a policy does not reject a handout for them. */
const NO_BARRIERS: ReadonlySet<PdfFinding> = new Set(['hard-to-read', 'script', 'too-costly', 'too-large']);

/**
 * Checks the PDF to which a handout's address leads.
 * @param resource as it was sent, before it is checked
 * @returns undefined where it leads to no PDF
 */
export async function checkAttachedPdf(
  resource: Resource | undefined,
  { baseUrl, check }: { readonly baseUrl: string; readonly check: CheckHandout },
): Promise<AttachedPdf | undefined> {
  if (resource?.resourceType !== 'DocumentReference') return undefined;
  const { content } = resource as Partial<DocumentReference>;
  const { url = '', language = resource.language } = content?.[0]?.attachment ?? {};
  if (!/\.pdf(?:$|[?#])/i.test(url)) return undefined;
  const name = handoutName(url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length + 1) : url);
  if (name === undefined) return { reading: 'elsewhere', findings: [] };
  const reading = await check(name);
  const findings = reading === undefined ? [] : findPdfFaults(reading, chooseLanguage(language ?? ''));
  return { reading, findings };
}

/** Issues of an OperationOutcome: pages and grade as information, each finding as a warning. */
export function listPdfIssues({ reading, findings }: AttachedPdf, resource: DocumentReference, t: Translate) {
  const inform = (text: string): OperationOutcomeIssue[] =>
    createOutcome('information', 'informational', text, AT).issue;
  if (reading === 'elsewhere') return inform(t('pdfCheck.notHere'));
  if (reading === undefined) return inform(t('pdfCheck.goesOn'));
  const grade = findPdfGrade(reading, chooseLanguage(resource.language ?? ''));
  const facts =
    typeof reading === 'string'
      ? []
      : inform(
          t(`pdfCheck.${grade === undefined ? 'pagesOnly' : 'facts'}`, { pages: reading.pages, grade: grade ?? '' }),
        );
  const warnings = findings.flatMap(
    (finding) => createOutcome('warning', 'business-rule', t(`pdfCheck.findings.${finding}`), AT).issue,
  );
  return [...facts, ...warnings];
}

/** Rejects a handout whose PDF keeps readers out, where the policy requires it. @throws InvalidResourceError */
export function requireAccessiblePdf({ reading, findings }: AttachedPdf, t: Translate): void {
  const faults = new FaultList();
  if (reading === undefined) faults.add(`${AT}.url`, `leads to a PDF: ${t('pdfCheck.goesOn')}`, 'transient');
  for (const finding of findings)
    if (!NO_BARRIERS.has(finding))
      faults.add(`${AT}.url`, `leads to a PDF: ${t(`pdfCheck.findings.${finding}`)}`, 'business-rule');
  faults.throwIfAny();
}
