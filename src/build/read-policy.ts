import { hash } from 'node:crypto';
import { ARTICLE_KINDS, SENSITIVITIES } from '../core/model/article.js';
import type {
  MostPagesRule,
  OverdueTreatment,
  PolicyReader,
  PreferenceRule,
  SensitivityRule,
  SitePolicy,
} from '../core/policy/site-policy.js';
import { NO_POLICY, OVERDUE_TREATMENTS, POLICY_READERS, TREATMENTS } from '../core/policy/site-policy.js';
import { forEachRecord } from './read-rows.js';

/** A fault in a line of a policy, counted from 1. */
export interface PolicyFault {
  readonly line: number;
  readonly reason: string;
}

/** A site's policy as read from its file. */
export interface PolicyReading {
  readonly policy: SitePolicy;
  /** Number of rules. */
  readonly rules: number;
  /** The lines that name each article. */
  readonly articles: ReadonlyMap<string, readonly number[]>;
  /** The policy may be used only if there are none. */
  readonly faults: readonly PolicyFault[];
}

const COLUMNS = ['rule', 'what', 'for', 'value', 'note'] as const;
type Cells = Readonly<Record<(typeof COLUMNS)[number], string>>;

const ARTICLE_ID = new RegExp(`^(?:${ARTICLE_KINDS.join('|')})-[A-Za-z0-9][A-Za-z0-9._-]{0,199}$`);
const MOST_YEARS = 130;
/** Letters of a maker's name at least: a shorter text is part of many names. */
const LEAST_MAKER = 3;
/** The highest value of MAX_ARTICLES. */
const MOST_PAGES = 6;
/** A file with more faults is not a policy; limits the work of a running server. */
const MOST_WRONG_QUOTES = 100;

/** HL7's terms. */
const READER_SYNONYMS: Readonly<Record<string, PolicyReader>> = {
  pat: 'patient',
  prov: 'clinician',
  provider: 'clinician',
  payor: 'payer',
  'patient portal': 'portal',
};

/** A fault in a cell, for the person who edits the file. */
class Fault extends Error {}

function parseReader(cell: string): PolicyReader {
  const name = cell.toLowerCase();
  const known = READER_SYNONYMS[name] ?? POLICY_READERS.find((reader) => reader === name);
  if (known) return known;
  if (name === '') throw new Fault(`for is empty: use ${POLICY_READERS.join(', ')}`);
  throw new Fault(`for "${cell}" is not a known reader: ${POLICY_READERS.join(', ')}`);
}

function readArticle(cell: string, column: string): string {
  if (ARTICLE_ID.test(cell)) return cell;
  throw new Fault(`${column} "${cell}" is not an article id such as topic-asthma or local-asthma-plan`);
}

function readNumber(cell: string, most: number, unit: string): number {
  const number = /^\d{1,3}$/.test(cell) ? Number(cell) : 0;
  if (number >= 1 && number <= most) return number;
  throw new Fault(`value "${cell}" must be ${unit}, a whole number from 1 to ${most}`);
}

function mustBeEmpty(cells: Cells, ...columns: (keyof Cells)[]): void {
  const filled = columns.find((column) => cells[column] !== '');
  if (filled) throw new Fault(`${filled} must be empty in a rule of this kind, and is "${cells[filled]}"`);
}

/** The value of a rule that has nothing else, which is one of a few. @throws Fault */
function readChoice<V extends string>(cells: Cells, choices: readonly V[]): V {
  mustBeEmpty(cells, 'what', 'for');
  const chosen = choices.find((one) => one === cells.value.toLowerCase());
  if (chosen === undefined) throw new Fault(`value "${cells.value}" must be ${choices.join(', ')}`);
  return chosen;
}

const APPROVALS = ['second person', 'second reader'] as const;

const readSensitivity = (cell: string) => SENSITIVITIES.find((one) => one === cell.toUpperCase());

interface Rules {
  readonly suppressed: Set<string>;
  readonly sensitivities: SensitivityRule[];
  readonly preferences: PreferenceRule[];
  readonly mostPages: MostPagesRule[];
  readonly minimumAges: Map<string, number>;
  readonly leafletMakers: string[];
  overdue?: OverdueTreatment;
  approval?: SitePolicy['approval'];
  pdfs?: 'accessible';
}

/** The key of a rule, by which duplicates are found, and the articles that it names. */
interface ReadRule {
  readonly key: string;
  readonly articles: readonly string[];
}

function readSensitivityRule(cells: Cells, { sensitivities }: Rules): ReadRule {
  const sensitivity = readSensitivity(cells.what);
  if (!sensitivity) throw new Fault(`what "${cells.what}" is not a sensitivity: ${SENSITIVITIES.join(', ')}`);
  const reader = parseReader(cells.for);
  const [, word, years] = /^(\w+)(?:\s+under\s+(\S+))?$/i.exec(cells.value) ?? [];
  const treatment = TREATMENTS.find((one) => one === word?.toLowerCase());
  if (!treatment || (years !== undefined && treatment !== 'hold')) {
    throw new Fault(`value "${cells.value}" must be show, mark, hold, or with an age, as hold under 18`);
  }
  const underYears = years === undefined ? undefined : readNumber(years, MOST_YEARS, 'years');
  sensitivities.push({ sensitivity, reader, treatment, underYears });
  return { key: `${sensitivity} ${reader} ${underYears === undefined ? '' : 'under'}`, articles: [] };
}

function takePreference(cells: Cells, { preferences }: Rules): ReadRule {
  const article = readArticle(cells.what, 'what');
  const value = cells.value.toLowerCase();
  if (cells.for === '') {
    if (value !== 'first') throw new Fault(`value "${cells.value}" must be first where for names no other article`);
    preferences.push({ article, over: undefined, replaces: false });
    return { key: `${article} first`, articles: [article] };
  }
  const over = readArticle(cells.for, 'for');
  if (value !== 'before' && value !== 'instead') throw new Fault(`value "${cells.value}" must be before or instead`);
  if (over === article) throw new Fault('an article cannot be preferred to itself');
  if (preferences.some((other) => other.article === over && other.over === article)) {
    throw new Fault(`another line prefers ${over} to ${article}: only one of them can go first`);
  }
  preferences.push({ article, over, replaces: value === 'instead' });
  return { key: `${article} ${over}`, articles: [article, over] };
}

/** Reads a rule of each kind. Each throws Fault. */
const RULES: Readonly<Record<string, (cells: Cells, rules: Rules) => ReadRule>> = {
  suppress: (cells, { suppressed }) => {
    mustBeEmpty(cells, 'for', 'value');
    const article = readArticle(cells.what, 'what');
    suppressed.add(article);
    return { key: article, articles: [article] };
  },
  'leaflet maker': (cells, { leafletMakers }) => {
    mustBeEmpty(cells, 'for', 'value');
    if (cells.what.length < LEAST_MAKER) throw new Fault(`what "${cells.what}" is not a maker's name`);
    leafletMakers.push(cells.what.toLowerCase());
    return { key: cells.what.toLowerCase(), articles: [] };
  },
  sensitivity: readSensitivityRule,
  prefer: takePreference,
  'most pages': (cells, { mostPages }) => {
    mustBeEmpty(cells, 'what');
    const reader = parseReader(cells.for);
    mostPages.push({ reader, pages: readNumber(cells.value, MOST_PAGES, 'pages') });
    return { key: reader, articles: [] };
  },
  overdue: (cells, rules) => {
    rules.overdue = readChoice(cells, OVERDUE_TREATMENTS);
    return { key: '', articles: [] };
  },
  approval: (cells, rules) => {
    rules.approval = readChoice(cells, APPROVALS) === 'second reader' ? 'second-reader' : 'second-person';
    return { key: '', articles: [] };
  },
  pdfs: (cells, rules) => {
    rules.pdfs = readChoice(cells, ['accessible']);
    return { key: '', articles: [] };
  },
  'minimum age': (cells, { minimumAges }) => {
    mustBeEmpty(cells, 'for');
    const what = readSensitivity(cells.what) ?? readArticle(cells.what, 'what');
    minimumAges.set(what, readNumber(cells.value, MOST_YEARS, 'years'));
    return { key: what, articles: what.includes('-') ? [what] : [] };
  },
};

/** Contradicting rules: a suppressed article cannot be preferred. */
function findContradictions(
  { suppressed, preferences }: Rules,
  articles: ReadonlyMap<string, readonly number[]>,
): PolicyFault[] {
  return preferences.flatMap(({ article, over = article }) =>
    [article, over]
      .filter((id, index, ids) => suppressed.has(id) && ids.indexOf(id) === index)
      .map((id) => ({
        line: articles.get(article)?.[0] ?? 0,
        reason: `${id} is preferred, or another preferred to it, and suppressed in lines ${(articles.get(id) ?? []).join(', ')}`,
      })),
  );
}

/** Faults of the file as a whole. */
function findFaultsOfText(text: string): PolicyFault[] {
  const [header = ''] = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/, 1);
  const names = header.split(findDivider(text)).map((name) => name.trim().toLowerCase().replace(/^"|"$/g, ''));
  const missing = COLUMNS.filter((column) => column !== 'note' && !names.includes(column));
  const unknown = names.filter((name) => name !== '' && !COLUMNS.some((column) => column === name));
  const twice = names.filter((name, index) => name !== '' && names.indexOf(name) !== index);
  if (missing.length + unknown.length + twice.length > 0) {
    return [{ line: 1, reason: `the first line must name the columns ${COLUMNS.join(',')}` }];
  }
  if (/[\r\n]$/.test(text)) return [];
  const line = text.split(/\r\n|\n|\r/).length;
  return [{ line, reason: 'the last line has no line break, so the file may be truncated: add one' }];
}

/** Spreadsheets use semicolons in locales with a decimal comma. */
function findDivider(text: string): string {
  const [header = ''] = text.split(/[\r\n]/, 1);
  return header.includes(';') && !header.includes(',') ? ';' : ',';
}

function readCells(record: Readonly<Record<string, string>>): Cells {
  const cells = new Map(Object.entries(record).map(([name, cell]) => [name.toLowerCase(), cell.trim()]));
  const read = (column: keyof Cells): string => (cells.get(column) ?? '').replace(/\s+/g, ' ');
  return Object.fromEntries(COLUMNS.map((column) => [column, read(column)])) as Cells;
}

/**
 * Two unpaired quotes turn all text between them into one cell, including rules; cells of several lines are therefore
 * rejected.
 */
const hasLineBreak = (record: Readonly<Record<string, string>>): boolean =>
  Object.values(record).some((cell) => /[\r\n]/.test(cell));

/** The version of rules: the same for equal rules in any order, layout and with any remarks. */
function buildVersion(rules: Rules): string {
  const { suppressed, sensitivities, preferences, mostPages, minimumAges, leafletMakers, overdue, approval, pdfs } =
    rules;
  const sorted = (list: readonly unknown[]): string[] => list.map((one) => JSON.stringify(one)).sort();
  // Several preferences of one article apply in order.
  const main = [sorted([...suppressed]), sorted(sensitivities), preferences, sorted(mostPages)];
  const makers = leafletMakers.length > 0 ? [leafletMakers] : [];
  const keeping = (overdue ?? approval ?? pdfs) ? [{ overdue, approval, pdfs }] : [];
  return hash('sha256', JSON.stringify([...main, sorted([...minimumAges]), ...makers, ...keeping])).slice(0, 8);
}

/**
 * Reads a site's policy: CSV with the columns rule, what, for, value and optionally note. A line whose rule begins with
 * # is a remark. Every fault is reported with its line; a policy with any may not be used, because it may be less
 * strict than intended.
 */
export function readPolicy(text: string): PolicyReading {
  const rules: Rules = {
    suppressed: new Set(),
    sensitivities: [],
    preferences: [],
    mostPages: [],
    minimumAges: new Map(),
    leafletMakers: [],
  };
  const lines = new Map<string, number>();
  const articles = new Map<string, number[]>();
  const faults = findFaultsOfText(text);
  if (faults.some(({ line }) => line === 1)) return { policy: NO_POLICY, rules: 0, articles, faults };
  const addRule = (cells: Cells, line: number): void => {
    const rule = cells.rule.toLowerCase().replaceAll('-', ' ');
    const read = Object.hasOwn(RULES, rule) ? RULES[rule] : undefined;
    if (!read) throw new Fault(`rule "${cells.rule}" is not one of ${Object.keys(RULES).join(', ')}`);
    const result = read(cells, rules);
    const key = `${rule} ${result.key}`;
    const earlier = lines.get(key);
    if (earlier !== undefined) throw new Fault(`line ${earlier} already has the same rule`);
    lines.set(key, line);
    for (const id of result.articles) articles.set(id, [...(articles.get(id) ?? []), line]);
  };
  forEachRecord(
    text,
    ({ record, line, fault }) => {
      const cells = readCells(record);
      const isRemark = cells.rule.startsWith('#') || Object.values(cells).every((cell) => cell === '');
      try {
        if (hasLineBreak(record))
          throw new Fault('a cell has a line break: an earlier quote may be unclosed and hide what follows');
        if (fault !== undefined) throw new Fault(fault);
        if (!isRemark) addRule(cells, line);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        faults.push({ line, reason: error.message });
      }
    },
    { delimiter: findDivider(text), mostWrongQuotes: MOST_WRONG_QUOTES },
  );
  faults.push(...findContradictions(rules, articles));
  if (faults.length > 0) {
    faults.sort((a, b) => a.line - b.line);
    return { policy: NO_POLICY, rules: 0, articles, faults };
  }
  const policy = lines.size === 0 ? NO_POLICY : { version: buildVersion(rules), ...rules };
  return { policy, rules: lines.size, articles, faults };
}
