import { codeSystem } from '../../core/code-systems.js';
import type { SearchHit } from '../../core/search-hit.js';
import { absoluteUrl } from '../article-url.js';
import type { SearchAnswer } from './answer.js';

function toJson(hit: SearchHit, baseUrl: string): object {
  const { kind, matched } = hit;
  if (hit.kind === 'article') {
    const { article, text, sensitivity } = hit;
    const { id, publisher } = article;
    const { title, language } = text;
    const url = absoluteUrl(text.url, baseUrl);
    return { kind, id, title, language, url, publisher: publisher.name, sensitivity, matched };
  }
  const { system, code, title, parent, billable, active } = hit.concept;
  const { uri, label } = codeSystem(system);
  return {
    kind,
    system: uri,
    systemName: label,
    code,
    title,
    parent,
    billable,
    retired: active ? undefined : true,
    matched,
  };
}

/** Renders what was found as JSON; members that say nothing are left out. */
export function renderJson({ hits, language, release, baseUrl }: SearchAnswer): string {
  return JSON.stringify({ release, language, total: hits.length, hits: hits.map((hit) => toJson(hit, baseUrl)) });
}
