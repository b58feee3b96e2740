import { codeSystem } from '../../core/codes/code-systems.js';
import { linksForReader } from '../../core/model/language-links.js';
import type { SearchHit } from '../../core/search/search-hit.js';
import { absoluteUrl } from '../feed/language-links.js';
import { listReadings, type OfferedReading } from '../../core/words/understanding.js';
import { listNextSteps } from '../next-steps.js';
import { explainCode, explainUnderstanding, noticeOfUnderstanding } from '../understanding-text.js';
import type { SearchAnswer } from './answer.js';

function toJson(hit: SearchHit, { baseUrl, reader }: SearchAnswer): object {
  const { kind, matched } = hit;
  if (hit.kind === 'article') {
    const { article, text, sensitivity } = hit;
    const { id, publisher } = article;
    const { title, language } = text;
    const url = absoluteUrl(text.url, baseUrl);
    const links = reader.foreignLanguage === undefined ? [] : linksForReader(article, language, reader.foreignLanguage);
    const found = { kind, id, title, language, url, publisher: publisher.name, sensitivity, matched };
    return links.length > 0 ? { ...found, links } : found;
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

/** A meaning that a person may choose; its articles are offered, not found. */
function toReading({ means, language, query, articles }: OfferedReading, baseUrl: string): object {
  return {
    means,
    language,
    query,
    articles: articles.map(({ article: { id }, text }) => ({
      id,
      title: text.title,
      language: text.language,
      url: absoluteUrl(text.url, baseUrl),
    })),
  };
}

/** Renders the results as JSON; empty members are left out. */
export function renderHitsJson(answer: SearchAnswer): string {
  const { query, understood, language, notice, t, release, baseUrl } = answer;
  const { kind, hits } = understood;
  const nextSteps = listNextSteps(understood, t, language);
  return JSON.stringify({
    release,
    language,
    notice,
    understood: kind,
    reason: explainUnderstanding(understood, t) ?? explainCode(query, understood, answer),
    nextSteps: nextSteps.length > 0 ? nextSteps : undefined,
    remark: noticeOfUnderstanding(understood, t),
    readings: listReadings(understood)?.map((reading) => toReading(reading, baseUrl)),
    total: hits.length,
    hits: hits.map((hit) => toJson(hit, answer)),
  });
}
