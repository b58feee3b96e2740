import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CodeSystemId } from '../core/codes/code-systems.js';
import { normalizeCode } from '../core/codes/normalize-code.js';
import { MOST_ARTICLES_OF_CODE } from '../core/codes/terminology-index.js';
import { escapeHtml } from '../core/escape.js';
import { getOrAdd } from '../core/remember.js';
import type { LibraryRows, MappingFacts } from '../build/source.js';
import { ImportError, findNewestDay, isBesideFiles } from './import-source.js';
import type { ImportLog, ImportSetting, ImportSource, InputFile, RowPortions } from './import-source.js';
import { isArticleId } from './read/article-id.js';
import { readJsonConditions, readXmlConditions, type Condition } from './read/genetics-conditions.js';
import { sanitizeSummary } from './read/sanitize-summary.js';

/** A condition's page of today or of Genetics Home Reference, which it was until 2020. */
const PAGE =
  /^https?:\/\/(?:(?:www\.)?medlineplus\.gov\/genetics|ghr\.nlm\.nih\.gov)\/condition\/([a-z0-9-]+)\/?(?:[?#].*)?$/i;
/** Many times the longest of NLM's texts. */
const MAX_TEXT_CHARS = 200_000;

/** The headings of a page's parts, by their roles. */
const HEADINGS: Readonly<Record<string, string>> = {
  description: 'Description',
  frequency: 'Frequency',
  causes: 'Causes',
  inheritance: 'Inheritance',
};

/** Code systems as NLM names them. */
const SYSTEMS: Readonly<Record<string, CodeSystemId>> = {
  'ICD-10-CM': 'icd-10-cm',
  'ICD-9-CM': 'icd-9-cm',
  'SNOMED CT': 'snomed-ct',
  MeSH: 'mesh',
};

/** A condition's parts, each under its heading on the page. */
function buildText({ parts }: Condition, url: string): string | undefined {
  const html = parts.map(({ role, html: own, text }) => {
    const heading = HEADINGS[role];
    return (heading === undefined ? '' : `<h3>${heading}</h3>`) + (own ?? `<p>${escapeHtml(text ?? '')}</p>`);
  });
  return sanitizeSummary(html.join('\n'), url);
}

/** The articles that ship: their marks were judged one by one. */
function readShipped({ resourcesDir }: ImportSetting): ReadonlySet<string> {
  const path = join(resourcesDir, 'articles/genetics.csv');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  return new Set(lines.map((line) => line.split(',', 1)[0] ?? ''));
}

/**
 * Collects the pages of each code. A code that other rows answer keeps them: they were chosen for what patients have, where NLM lists what is
 * about the same.
 */
function createCodeRows({ isMapped }: ImportSetting) {
  const byCode = new Map<string, MappingFacts[]>();
  return {
    add: ({ codes, line }: Condition, article: string): void => {
      for (const [name, system] of Object.entries(SYSTEMS)) {
        const own = codes.flatMap(({ db, key }) => (db === name ? (normalizeCode(system, key) ?? []) : []));
        // A page with several codes is about more than each of them.
        const relationship = new Set(own).size > 1 ? 'broader' : 'equivalent';
        for (const code of new Set(own)) {
          if (isMapped({ system, code })) continue;
          const common = { sensitivity: undefined, origin: 'imported', note: '' };
          getOrAdd(byCode, `${system}|${code}`, () => []).push({
            ...common,
            line,
            system,
            code,
            article,
            relationship,
            rank: 1,
          });
        }
      }
    },
    /** The rows of each code, the closest first. */
    ranked: (): MappingFacts[] =>
      [...byCode.values()].flatMap((rows) =>
        rows
          .sort((a, b) => Number(a.relationship === 'broader') - Number(b.relationship === 'broader'))
          .slice(0, MOST_ARTICLES_OF_CODE)
          .map((row, index) => ({ ...row, rank: index + 1 })),
      ),
  };
}

async function* readConditions(files: readonly InputFile[]): AsyncGenerator<readonly [InputFile, Condition]> {
  for (const file of files) {
    let count = 0;
    for await (const condition of /\.json$/i.test(file.name) ? readJsonConditions(file) : readXmlConditions(file)) {
      count += 1;
      yield [file, condition];
    }
    if (count === 0) throw new ImportError(`${file.label} has no condition of MedlinePlus Genetics`);
  }
}

/** A condition with its page, or why it is rejected. */
function findPage(condition: Condition): { readonly slug: string } | { readonly fault: string } {
  const { name, url, parts } = condition;
  const slug = PAGE.exec(url)?.[1]?.toLowerCase() ?? '';
  const size = parts.reduce((sum, { html = '', text = '' }) => sum + html.length + text.length, 0);
  if (!isArticleId(`genetics-${slug}`)) return { fault: `not the address of a condition: ${url.slice(0, 200)}` };
  if (name === '') return { fault: `genetics-${slug} has no name` };
  return size > MAX_TEXT_CHARS ? { fault: `a text of ${size} characters is too long` } : { slug };
}

function buildRows(condition: Condition, slug: string, isShipped: boolean): Partial<LibraryRows> {
  const { name, synonyms } = condition;
  const id = `genetics-${slug}`;
  const url = `https://medlineplus.gov/genetics/condition/${slug}`;
  const summaryHtml = buildText(condition, url);
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  const alsoCalled = [...new Set(synonyms)].filter((one) => one !== '' && one !== title);
  const text = { title, url, alsoCalled, ...(summaryHtml ? { summaryHtml } : {}), origin: 'imported' };
  return {
    articles: [{ id, publisher: 'nlm', ...(isShipped ? {} : { sensitivity: 'GDIS' }) }],
    texts: [{ article: id, language: 'en', ...text }],
  };
}

async function* readGenetics(files: readonly InputFile[], log: ImportLog, setting: ImportSetting): RowPortions {
  const ours = files.filter(({ name }) => /\.(?:json|xml)$/i.test(name) && !isBesideFiles(name));
  if (ours.length === 0) throw new ImportError('none of the files is JSON or XML of MedlinePlus Genetics');
  const date = findNewestDay(ours);
  log.release({ version: date, date, complete: [] });
  const shipped = readShipped(setting);
  const codes = createCodeRows(setting);
  const seen = new Set<string>();
  for await (const [{ label }, condition] of readConditions(ours)) {
    log.read(1);
    const page = findPage(condition);
    if ('fault' in page) {
      log.reject(label, condition.line, page.fault);
      continue;
    }
    const { slug } = page;
    // The file of 2020 has a page once for each of its names.
    if (seen.has(slug)) continue;
    seen.add(slug);
    codes.add(condition, `genetics-${slug}`);
    yield buildRows(condition, slug, shipped.has(`genetics-${slug}`));
  }
  yield { mappings: codes.ranked() };
}

/**
 * The conditions of MedlinePlus Genetics: names, addresses, full texts, and codes that nothing else answers. Genes and chromosomes are
 * not imported.
 * @see https://medlineplus.gov/about/developers/geneticsdatafilesapi/
 */
export const medlineplusGenetics: ImportSource = {
  name: 'medlineplus-genetics',
  description:
    'MedlinePlus Genetics: conditions with texts and codes (ghr-summaries.xml, or a JSON or XML file for each)',
  read: readGenetics,
};
