import type { TFunction } from 'i18next';
import { codeSystem } from '../../core/code-systems.js';
import type { Answer, Miss } from '../../core/knowledge-response.js';
import type { Language } from '../../core/language.js';
import type { ParsedRequest } from './parse.js';

/** What the connector says of itself in a feed. */
export interface Connector {
  readonly name: string;
  readonly url: string;
}

/** What both dialects need to make a feed. */
export interface FeedContext {
  readonly parsed: ParsedRequest;
  readonly connector: Connector;
  readonly baseUrl: string;
  readonly canonicalBase: string;
  /** Time of the answer, `YYYY-MM-DDThh:mm:ssZ`. */
  readonly updated: string;
  readonly language: Language;
  readonly t: TFunction;
  /** Media type of the answer, without its charset. */
  readonly contentType: string;
  /** `knowledgeResponseType` as it was sent; empty where it was not. */
  readonly responseTypeSent: string;
}

/** Atom's date-time without fractions of a second, as MedlinePlus Connect writes it. */
export function atomTime(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}

/** An article's address; a site's handouts are served by us. */
export function absoluteUrl(url: string, baseUrl: string): string {
  return url.startsWith('handouts/') ? `${baseUrl}/${url}` : url;
}

/** The media type behind an article's address. */
export function linkType(url: string): string {
  return /\.pdf$/i.test(url) ? 'application/pdf' : 'text/html';
}

/** The code system as it is called in a subtitle, and the code as it was sent: `ICD-10-CM N53.14`. */
export function subjectOf({ coding }: Answer): string {
  const label = coding.system ? codeSystem(coding.system).label : coding.systemSent;
  return `${label} ${coding.code.trim()}`.trim();
}

/** Why nothing was found, in words. */
export function missText(answer: Answer, miss: Miss, t: TFunction): string {
  const { system } = answer.coding;
  const reason = t(`misses.${miss.reason}`, { system: system ? codeSystem(system).label : '' });
  const note = miss.note ? ` (${miss.note})` : '';
  const hint = miss.hint ? `. ${t('misses.hint', { system: codeSystem(miss.hint).label })}` : '';
  return `${reason}${note}${hint}`;
}
