import type { BundleEntry, OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';
import type { Article } from '../../../core/article.js';
import type { ChartMiss, ChartResponse } from '../../../core/chart.js';
import { codeSystem } from '../../../core/code-systems.js';
import type { Steps } from '../../../core/give-way.js';
import { findLanguageOffer, nameLanguage } from '../../../core/language-links.js';
import type { RequestCoding } from '../../../core/knowledge-request.js';
import type { MissReason } from '../../../core/knowledge-response.js';
import { displayCode } from '../../../core/normalize-code.js';
import type { Translate } from '../../../texts.js';
import { operationOutcome } from '../outcome.js';
import { isResourceType } from '../structure.js';
import type { ChartInput } from './read-inputs.js';

type Remark = BundleEntry<OperationOutcome>;
type IssueCode = OperationOutcomeIssue['code'];

/** What looks like a code and its system; anything else that stands in their place is not given back. */
const CODE = /^[A-Za-z0-9._:-]{1,40}$/;
const SYSTEM = /^(https?:\/\/|urn:)[A-Za-z0-9._~:/-]{1,200}$/;

/** A coding as a token, `system|code`: its system as FHIR writes it. */
function tokenOf(coding: RequestCoding | undefined, normalized?: string): string {
  if (!coding) return '';
  const system = coding.system ? codeSystem(coding.system).uri : coding.systemSent;
  const sent = coding.code.trim();
  const code = coding.system && normalized !== undefined ? displayCode(coding.system, normalized) : sent;
  return SYSTEM.test(system) && CODE.test(code) ? ` ${system}|${code}` : '';
}

/** Misses by the site's own policy. */
const BY_SITE: ReadonlySet<MissReason> = new Set(['held', 'minimum-age', 'suppressed']);

type Remarking = (input: ChartInput, token: string, code: IssueCode, text: string) => Remark;

const remarkWith =
  (expressionOf: (position: string) => string | undefined): Remarking =>
  (input, token, code, text) => {
    const { position, type } = input;
    const named = isResourceType(type) || type === 'Coding' || type === 'CodeableConcept' ? type : 'Resource';
    return {
      resource: operationOutcome('information', code, `${position} ${named}${token}: ${text}.`, expressionOf(position)),
      search: { mode: 'outcome' },
    };
  };

function missText({ answer: { coding, miss, conflict } }: ChartMiss, translate: Translate): string {
  // Both readings are among the matches.
  if (conflict && !miss) return translate('chart.title-conflict');
  const label = (id: RequestCoding['system']): string => (id ? codeSystem(id).label : '');
  // Something was found, and all of it is of a kind that does not answer this question.
  const text = translate(`misses.${miss?.reason ?? 'code-not-mapped'}`, { system: label(coding.system) });
  return miss?.hint ? `${text}; ${translate('misses.hint', { system: label(miss.hint) })}` : text;
}

/** What is said first where the reader's language is none of ours; nothing otherwise, and without any article. */
export function languageRemark(
  foreignLanguage: string | undefined,
  articles: readonly Pick<Article, 'links'>[],
  translate: Translate,
): Remark[] {
  if (foreignLanguage === undefined || articles.length === 0) return [];
  const isLinked = findLanguageOffer(articles, foreignLanguage) === 'linked';
  const language = nameLanguage(foreignLanguage, 'en');
  const text = translate(isLinked ? 'chart.languageLinked' : 'chart.language', { language });
  return [{ resource: operationOutcome('information', 'informational', `${text}.`), search: { mode: 'outcome' } }];
}

/**
 * A remark for each input that is left out, held for the clinician, without an article, or with one that is held back.
 * @param expressionOf where a position is in what was sent, as FHIRPath
 */
export function* remarksOf(
  inputs: readonly ChartInput[],
  chart: ChartResponse,
  translate: Translate,
  expressionOf: (position: string) => string | undefined,
): Steps<Remark[]> {
  const remark = remarkWith(expressionOf);
  const unread: Remark[] = [];
  for (const input of inputs) {
    yield;
    const { reading } = input;
    if (reading.state === 'take') continue;
    const text = translate(`chart.${reading.reason}`, { status: reading.status });
    const code = reading.state === 'hold' ? 'suppressed' : 'informational';
    unread.push(remark(input, tokenOf(input.coding), code, text));
  }
  const unanswered: Remark[] = [];
  for (const miss of [...chart.misses, ...chart.held]) {
    yield;
    const input = inputs[miss.question.input];
    if (!input) continue;
    const isHeld = miss.answer.rejections.some(({ reason }) => reason === 'held');
    const bySite = isHeld || BY_SITE.has(miss.answer.miss?.reason ?? 'code-not-mapped');
    const text = miss.isWalled
      ? translate('chart.pregnancy-loss')
      : isHeld
        ? translate('misses.held')
        : missText(miss, translate);
    const { coding, code } = miss.answer;
    unanswered.push(
      remark(
        input,
        tokenOf(input.coding ?? coding, input.coding === coding ? code : undefined),
        bySite || miss.isWalled ? 'suppressed' : miss.answer.conflict ? 'conflict' : 'not-found',
        text,
      ),
    );
  }
  const beyond: Remark[] =
    chart.beyondCount === 0
      ? []
      : [
          {
            resource: operationOutcome(
              'information',
              'informational',
              translate('chart.beyond-count', { count: chart.beyondCount }),
            ),
            search: { mode: 'outcome' },
          },
        ];
  return [...unread, ...unanswered, ...beyond];
}
