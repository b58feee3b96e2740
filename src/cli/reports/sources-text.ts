import { nameEdition, type SourceAge } from '../../core/sources/source-ages.js';
import type { SourceCheck } from '../../import/check-sources.js';

/** A source with what is in use of it; and, where its publisher was queried, with its newest edition. */
export type ListedSource = SourceAge & Partial<SourceCheck> & { readonly applied?: boolean };

const DAY_MS = 86_400_000;

/** `FY2027 of 2026-10-01, 61 days old, imported as icd-10-cm-2027` */
function formatInUse({ source, date, release }: ListedSource, today: string): string {
  if (date === undefined) return 'rows of ours, of no edition';
  const name = nameEdition(source, date);
  const days = Math.round((Date.parse(today) - Date.parse(date)) / DAY_MS);
  const origin = release === undefined ? 'ships with the program' : `imported as ${release}`;
  return `${name === date ? date : `${name} of ${date}`}, ${days} days old, ${origin}`;
}

function formatNewest({ source, newest, isNewer, failure, applied, newestDue, address }: ListedSource): string {
  if (failure !== undefined) return `could not be asked: ${failure}`;
  if (newest === undefined) return `${nameEdition(source, newestDue)} by the publisher's calendar`;
  const name = nameEdition(source, newest);
  if (applied === true) return `${name}, imported now`;
  if (applied === false) return `${name}, rejected: see above`;
  if (isNewer !== true) return source.licence === undefined ? `${name}, in use` : `${name} by the publisher's calendar`;
  if (source.licence !== undefined) return `${name} by the publisher's calendar: NEWER`;
  return `${name}: NEWER${address === undefined ? '' : `, ${address}`}`;
}

/** Task of a person about a source; empty if there is none. */
function formatAdvice({ source, isNewer, isLate, applied }: ListedSource): string[] {
  const { id, licence, importer, page } = source;
  if (applied === true) return [];
  if (licence !== undefined) return [`get it:  ${page} (${licence}), then education-connect import ${id} <file>`];
  if (importer === 'by-hand')
    return isNewer === true || isLate ? [`get it:  ${page}, then education-connect import ${id} <folder>`] : [];
  return isNewer === true ? [`get it:  education-connect update ${id} --apply`] : [];
}

function toText(listed: readonly ListedSource[], today: string): string {
  return listed
    .map((one) => {
      const lines = [`in use:  ${formatInUse(one, today)}`, `newest:  ${formatNewest(one)}`, ...formatAdvice(one)];
      return [`${one.source.label}${one.isLate ? ' (LATE)' : ''}`, ...lines.map((line) => `  ${line}`), ''].join('\n');
    })
    .join('');
}

function toJson(listed: readonly ListedSource[]): string {
  const sources = listed.map(({ source, ...facts }) => {
    const { id, label, page, licence } = source;
    return { id, label, page, licence, ...facts };
  });
  return `${JSON.stringify({ sources }, null, 2)}\n`;
}

/** Lists sources for people, or as JSON. @param today ISO 8601 day */
export const formatSources = (listed: readonly ListedSource[], today: string, format: 'text' | 'json'): string =>
  format === 'json' ? toJson(listed) : toText(listed, today);
