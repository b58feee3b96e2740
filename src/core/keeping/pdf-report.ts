import { LOCAL_ID_PREFIX, handoutName } from '../model/article.js';
import { chooseLanguage, type Language } from '../model/language.js';
import type { Library } from '../model/library.js';
import { findPdfFaults, type PdfFinding, type PdfReading } from './pdf-facts.js';

/** A PDF of the site's folder and the handout that leads to it. */
export interface PdfUse {
  readonly file: string;
  /** The handout's article and title; undefined: nothing leads to the file. */
  readonly article: string | undefined;
  readonly title: string | undefined;
  /** The handout's language, else the one at the end of the file's name. */
  readonly language: Language | undefined;
}

/** A file by its name alone: `icd10_n53.14_en.pdf`. */
export const toUse = (file: string): PdfUse => ({
  file,
  article: undefined,
  title: undefined,
  language: chooseLanguage(file.slice(file.lastIndexOf('_') + 1).replace(/\.pdf$/i, '')),
});

/** Lists files with the handouts that lead to them, one row a handout; a file to which nothing leads has one row. */
export function listPdfUses(
  files: readonly string[],
  library: Pick<Library, 'findArticles' | 'findArticleIds' | 'findSuppressed'>,
): PdfUse[] {
  const own = library.findArticles(library.findArticleIds({ prefix: LOCAL_ID_PREFIX }));
  const uses = [...own, ...library.findSuppressed()].flatMap(({ id, texts }) =>
    Object.values(texts).flatMap(({ url, title, language }) => {
      const file = handoutName(url);
      return file === undefined ? [] : [{ file, article: id, title, language }];
    }),
  );
  return files.flatMap((file): PdfUse[] => {
    const ofFile = uses.filter((use) => use.file === file);
    return ofFile.length > 0 ? ofFile : [toUse(file)];
  });
}

/** A row of the report. */
export interface PdfRow extends PdfUse {
  /** Undefined: it is being checked. */
  readonly reading: PdfReading | undefined;
  readonly findings: readonly PdfFinding[];
}

/** Reads the files of rows, each once, by the order of the list. */
export async function checkPdfUses(
  uses: readonly PdfUse[],
  check: (file: string) => Promise<PdfReading | undefined>,
): Promise<PdfRow[]> {
  const readings = new Map<string, Promise<PdfReading | undefined>>();
  for (const { file } of uses) if (!readings.has(file)) readings.set(file, check(file));
  return Promise.all(
    uses.map(async (use) => {
      const reading = await readings.get(use.file);
      const findings = reading === undefined ? [] : findPdfFaults(reading, use.language);
      return { ...use, reading, findings };
    }),
  );
}

/** Columns of the report as CSV. */
export const PDF_CSV = [
  ...['file', 'article', 'title', 'language', 'findings', 'pages', 'pages_read', 'tagged', 'document_language'],
  ...['document_title', 'pages_without_text', 'words', 'grade'],
] as const;

const toWord = (isTrue: boolean): string => (isTrue ? 'yes' : 'no');

/** The cells of a row as CSV; of a file that was not read those of its findings alone. */
export function toPdfCells({
  file,
  article = '',
  title: name = '',
  language: own,
  reading,
  findings,
}: PdfRow): (string | number)[] {
  const found = reading === undefined ? 'being checked' : findings.join(' ');
  const start = [file, article, name, own ?? '', found];
  if (reading === undefined || typeof reading === 'string')
    return [...start, ...PDF_CSV.slice(start.length).map(() => '')];
  const { pages, pagesRead, isTagged, language, title, pagesWithoutText, words } = reading;
  const grade = findPdfGrade(reading, own);
  const facts = [pages, pagesRead, toWord(isTagged), language ?? '', title ?? '', pagesWithoutText, words, grade ?? ''];
  return [...start, ...facts];
}

/** School grade of a PDF in the language of its handout; undefined: unknown, or too short. */
export const findPdfGrade = (reading: PdfReading | undefined, language: Language | undefined): number | undefined =>
  language === undefined || reading === undefined || typeof reading === 'string' ? undefined : reading.grades[language];
