import { isMiss, type AnswerKind } from '../../core/answer/knowledge-response.js';
import { CODE_SYSTEMS, codeSystem, type CodeSystemId } from '../../core/codes/code-systems.js';
import type { CodeFinding, Gap } from '../../core/evaluation/coverage.js';
import { LANGUAGES, type Language } from '../../core/model/language.js';
import type { Coding } from '../../core/model/library.js';
import { missText } from '../../protocols/chart-texts.js';
import type { Translate } from '../../texts.js';
import { formatSubject, type CoverageReport } from './coverage-report.js';

type TextOptions = Pick<CoverageReport, 'findTitle'> & { readonly top: number };

const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', es: 'Spanish' };

/** The labels of the ways to an answer, in order; the reasons for no match follow, the most requested first. */
const WORDS: Readonly<Partial<Record<AnswerKind, string>>> = {
  own: 'by the code itself',
  ancestor: 'by a broader code',
  crosswalk: 'through a crosswalk',
  name: "by the drug's name",
  'no-page-on-purpose': 'without a page on purpose',
};
const ORDER = Object.keys(WORDS);

/** Number of codes, and of requests for them. */
interface Sum {
  readonly codes: number;
  readonly count: number;
}

interface Line extends Sum {
  readonly label: string;
  /** The total that its shares refer to. */
  readonly total: Sum;
}

const formatNumber = (number: number): string => number.toLocaleString('en-US');
const share = (part: number, total: number): string => (total === 0 ? '' : `${((100 * part) / total).toFixed(1)} %`);

const addCounts = (findings: readonly CodeFinding[], countFor: (finding: CodeFinding) => number): Sum => ({
  codes: findings.length,
  count: findings.reduce((sum, finding) => sum + countFor(finding), 0),
});

/** A line for each way in which codes are answered or not. */
function formatKinds(findings: readonly CodeFinding[], total: Sum, label: string, t: Translate): Line[] {
  const kinds = [...new Set(findings.map(({ kind }) => kind))];
  const place = (kind: AnswerKind): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);
  const lines = kinds.map((kind) => ({
    kind,
    label: `  ${WORDS[kind] ?? `not: ${t(`misses.${kind}`, { system: label })}`}`,
    total,
    ...addCounts(
      findings.filter((finding) => finding.kind === kind),
      ({ count }) => count,
    ),
  }));
  return lines.sort((a, b) => place(a.kind) - place(b.kind) || b.count - a.count);
}

/** Lines for the readers of a language: their number, and how many get a page in it or only in another. */
function formatReaders(findings: readonly CodeFinding[], language: Language): Line[] {
  const countFor = ({ byLanguage }: CodeFinding): number => byLanguage.get(language) ?? 0;
  const requests = findings.filter((finding) => countFor(finding) > 0);
  if (requests.length === 0) return [];
  const found = requests.filter(({ kind }) => !isMiss(kind));
  const inLanguage = found.filter(({ languages }) => languages.has(language));
  const inOtherLanguage = found.filter(({ languages }) => !languages.has(language));
  const name = LANGUAGE_NAMES[language];
  const total = addCounts(requests, countFor);
  return [
    { label: `  readers of ${name}`, total, ...total },
    { label: `    get a page in ${name}`, total, ...addCounts(inLanguage, countFor) },
    ...(inOtherLanguage.length > 0
      ? [{ label: '    get one in another language', total, ...addCounts(inOtherLanguage, countFor) }]
      : []),
  ];
}

function formatTable(findings: readonly CodeFinding[], system: CodeSystemId | undefined, t: Translate): string {
  const label = system ? codeSystem(system).label : 'All code systems';
  const all = addCounts(findings, ({ count }) => count);
  const lines = [
    { label, total: all, ...all },
    ...formatKinds(findings, all, system ? label : 'their code system', t),
    ...LANGUAGES.flatMap((language) => formatReaders(findings, language)),
  ];
  const width = Math.max(...lines.map((line) => line.label.length));
  const written = lines.map(({ label: words, codes, count, total }) =>
    [
      words.padEnd(width),
      formatNumber(codes).padStart(10),
      share(codes, total.codes).padStart(9),
      formatNumber(count).padStart(13),
      share(count, total.count).padStart(9),
    ].join(''),
  );
  const heading = `${''.padEnd(width)}${'codes'.padStart(10)}${'requests'.padStart(22)}`;
  return `${[heading, ...written].join('\n')}\n\n`;
}

function formatReason({ reason, hint, system }: Gap, t: Translate): string {
  if (reason === 'other-language') return '';
  return `: ${missText({ reason, hint, note: '' }, system, t)}`;
}

/** A list of codes, the most requested first, limited to `top`. */
function formatList<T extends Coding & { readonly count: number }>(
  heading: string,
  items: readonly T[],
  { top, findTitle }: TextOptions,
  wordsFor: (item: T) => string,
): string {
  if (items.length === 0) return '';
  const lines = items
    .slice(0, top)
    .map(
      (item) => `${formatNumber(item.count).padStart(9)}  ${formatSubject(item, findTitle(item))}${wordsFor(item)}\n`,
    );
  const more = items.length > top ? [`           … and ${formatNumber(items.length - top)} more\n`] : [];
  return [`${heading}, the most requested first\n`, ...lines, ...more, '\n'].join('');
}

/** How old the texts are that are shown and printed in full. */
function formatTexts(texts: CoverageReport['texts']): string {
  if (!texts) return 'Texts: none\n';
  const { count, oldest, newest, old } = texts;
  const older =
    old === 0 ? '' : `; more than 12 months old: ${formatNumber(old)} (education-connect import medlineplus)`;
  return `Texts: ${formatNumber(count)}, of ${oldest} to ${newest}${older}\n`;
}

/** Formats a report as text: a table per code system, then the biggest gaps. */
export function coverageText(report: CoverageReport, top: number, t: Translate): string {
  const { release, texts, findings, gaps, languageGaps, sensitive, findTitle } = report;
  const systems = CODE_SYSTEMS.map(({ id }) => id).filter((id) => findings.some(({ system }) => system === id));
  const selectSystem = (id: CodeSystemId): CodeFinding[] => findings.filter(({ system }) => system === id);
  const options = { top, findTitle };
  const text = [
    `Library: ${release}\n${formatTexts(texts)}\n`,
    ...systems.map((id) => formatTable(selectSystem(id), id, t)),
    systems.length === 1 ? '' : formatTable(findings, undefined, t),
    formatList('Codes without an article', gaps, options, (gap) => formatReason(gap, t)),
    ...LANGUAGES.map((language) =>
      formatList(
        `Codes without a page in ${LANGUAGE_NAMES[language]}`,
        languageGaps.get(language) ?? [],
        options,
        () => '',
      ),
    ),
    formatList('Codes that lead to sensitive pages', sensitive, options, ({ marks }) => `: ${marks.join(', ')}`),
  ];
  return text.join('').replace(/(?<!\n)\n+$/, '\n');
}
