import type { ChartQuestion } from '../../../core/charts/chart-question.js';
import type { RequestCoding } from '../../../core/answer/knowledge-request.js';
import type { JsonObject } from '../../json-object.js';
import type { ResourceRule } from './chart-rules.js';

/** A question of a resource, before the request's inputs are counted. */
export type Question = Omit<ChartQuestion, 'input'>;

/** Facts of a chart's fact beside its code. */
export type Standing = Omit<Question, 'kind' | 'codings'>;

/** A resource of a chart, and the rule by which it is read. */
export interface Fact {
  readonly resource: JsonObject;
  readonly rule: ResourceRule;
}

/** Why a resource is no question. Texts are in resources/i18n under `chart`. */
export type RemarkReason =
  | 'status'
  | 'unconfirmed'
  | 'unknown-status'
  | 'modifier-extension'
  | 'past'
  | 'nothing-known'
  | 'no-code'
  | 'medication-not-there'
  | 'type-not-read'
  | 'vital-sign'
  | 'no-result'
  | 'hospital-drug'
  | 'not-due';

/** Result of reading one resource of a chart: questions to the library, or the reason why there are none. */
export type Reading =
  | { readonly state: 'take'; readonly coding: RequestCoding | undefined; readonly questions: readonly Question[] }
  | {
      readonly state: 'skip' | 'hold';
      readonly coding: RequestCoding | undefined;
      readonly reason: RemarkReason;
      readonly status: string;
      /** Questions whose pages are listed for a clinician, who decides. Empty where the resource is skipped. */
      readonly questions: readonly Question[];
    };
