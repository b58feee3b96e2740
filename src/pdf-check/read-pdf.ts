import { getDocumentProxy } from 'unpdf';
import type { CheckedPdf } from '../core/keeping/pdf-facts.js';
import type { Language } from '../core/model/language.js';
import { LIMITS } from '../limits.js';
import { measureText } from '../reading-ease/reading-ease.js';

/** A run of letters on a page, as PDF.js returns it: a font's height and the place of its first letter. */
interface TextRun {
  readonly str: string;
  /** Font matrix: the last two numbers are the place, in points from the lower left corner. */
  readonly transform: readonly number[];
}

/** A wider gap between two lines ends a paragraph; in heights of its letters. */
const PARAGRAPH_GAP = 1.6;
/** Letters of another size are a heading's, or a footnote's. */
const OTHER_SIZE = 1.15;
const BULLET = /^[•●▪◦○‣–*·✓❑□-]$|^[•●▪◦○‣·✓❑□]/;
/** Letters that no font explains: of private use, the replacement character, control characters. */
const UNMAPPED = /[\p{Co}\uFFFD]|(?!\s)\p{Cc}/gu;

const readHeight = ({ transform }: TextRun): number => Math.hypot(transform[2] ?? 0, transform[3] ?? 0);

/** Whether a run begins a paragraph after the one before it: by its distance, the size of its letters, or a bullet. */
function beginsParagraph(run: TextRun, before: TextRun): boolean {
  const [height, heightBefore] = [readHeight(run), readHeight(before)];
  const fall = (before.transform[5] ?? 0) - (run.transform[5] ?? 0);
  const isSameLine = Math.abs(fall) < Math.max(height, heightBefore) / 2;
  if (isSameLine) return false;
  const isOtherSize = Math.max(height, heightBefore) > OTHER_SIZE * Math.min(height, heightBefore);
  // Up the page: the next column, or the top of a page.
  return isOtherSize || fall < 0 || fall > PARAGRAPH_GAP * height || BULLET.test(run.str.trim());
}

/** Joins the runs of a page to paragraphs, a line each: the ends of lines in between end no sentence. */
function joinParagraphs(runs: readonly TextRun[]): string {
  const paragraphs: string[] = [];
  let line = '';
  let before: TextRun | undefined;
  for (const run of runs) {
    if (run.str.trim() === '') {
      line += ' ';
      continue;
    }
    if (before && beginsParagraph(run, before)) {
      paragraphs.push(line);
      line = '';
    } else if (before && before.transform[5] !== run.transform[5]) {
      line += ' ';
    }
    line += run.str;
    before = run;
  }
  return [...paragraphs, line].map((one) => one.replace(/\s+/g, ' ').trim()).join('\n');
}

/** Number of letters that cannot be read aloud or copied. */
const countUnmapped = (text: string): number => text.match(UNMAPPED)?.length ?? 0;

/** The parts of PDF.js that are used. */
type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

/** Names of a document; where it has no metadata, PDF.js returns null. */
interface DocumentNames {
  readonly info: { readonly Title?: unknown; readonly Language?: unknown };
  readonly metadata: { readonly get: (name: string) => unknown } | null;
}

interface PageFacts {
  readonly text: string;
  readonly isTagged: boolean;
}

/** Right to read a document to people (ISO 32000-1, table 22, bit 10). */
const READ_ALOUD = 0x200;
const MOST_TITLE_CHARS = 300;
const MOST_LANGUAGE_CHARS = 35;

const readWritten = (value: unknown, mostChars: number): string | undefined =>
  typeof value === 'string' ? value.replace(/\s+/g, ' ').trim().slice(0, mostChars) || undefined : undefined;

async function readPage(pdf: PdfDocument, number: number): Promise<PageFacts> {
  const page = await pdf.getPage(number);
  const { items } = await page.getTextContent();
  const tree = (await page.getStructTree()) as { readonly children?: readonly unknown[] } | null;
  page.cleanup();
  const runs = items.flatMap((item): TextRun[] => ('str' in item ? [item] : []));
  return { text: joinParagraphs(runs), isTagged: (tree?.children ?? []).length > 0 };
}

/** Reads pages until there are enough of them, or enough text. */
async function readPages(pdf: PdfDocument): Promise<PageFacts[]> {
  const pages: PageFacts[] = [];
  let chars = 0;
  const most = Math.min(pdf.numPages, LIMITS.maxPdfPages);
  for (let number = 1; number <= most && chars < LIMITS.maxHandoutChars; number += 1) {
    const page = await readPage(pdf, number);
    chars += page.text.length;
    pages.push(page);
  }
  return pages;
}

/** Whether a viewer shows the title; a document without preferences has null. */
const showsTitle = (preferences: { readonly DisplayDocTitle?: unknown } | null): boolean =>
  preferences?.DisplayDocTitle === true;

const measureGrade = (text: string, language: Language): number | undefined => measureText(text, language)?.grade;

/** Reads an open document. Rejects where a page of it is damaged. */
async function collectFacts(pdf: PdfDocument): Promise<CheckedPdf> {
  const { info, metadata } = (await pdf.getMetadata()) as DocumentNames;
  const marks = await pdf.getMarkInfo();
  const permissions = await pdf.getPermissions();
  const pages = await readPages(pdf);
  const text = pages
    .map((page) => page.text)
    .join('\n')
    .slice(0, LIMITS.maxHandoutChars);
  const plain = text.replace(/[<>&]/g, ' ');
  const hasTags = pages.some(({ isTagged }) => isTagged);
  return {
    pages: pdf.numPages,
    pagesRead: pages.length,
    isTagged: marks?.Marked === true && hasTags,
    pagesWithoutTags: hasTags ? pages.filter((page) => page.text !== '' && !page.isTagged).length : 0,
    language: readWritten(info.Language, MOST_LANGUAGE_CHARS),
    title: readWritten(metadata?.get('dc:title'), MOST_TITLE_CHARS) ?? readWritten(info.Title, MOST_TITLE_CHARS),
    showsTitle: showsTitle(await pdf.getViewerPreferences()),
    pagesWithoutText: pages.filter((page) => page.text === '').length,
    unmappedShare: text === '' ? 0 : countUnmapped(text) / text.length,
    words: plain.match(/\p{L}+/gu)?.length ?? 0,
    grades: { en: measureGrade(plain, 'en'), es: measureGrade(plain, 'es') },
    isLocked: permissions !== null && !permissions.includes(READ_ALOUD),
    hasScript: await pdf.hasJSActions(),
  };
}

/**
 * Reads a PDF. It may never return, or take all memory: see `PdfChecker`.
 * @param bytes the file's, which are used up
 * @returns its facts; `encrypted` where it asks for a password, `damaged` where it is no PDF that can be shown
 */
export async function readPdf(bytes: Uint8Array): Promise<CheckedPdf | 'encrypted' | 'damaged'> {
  let pdf: PdfDocument | undefined;
  try {
    // Nothing of the file is run, fetched or painted.
    pdf = await getDocumentProxy(bytes, {
      verbosity: 0,
      enableXfa: false,
      disableFontFace: true,
      useSystemFonts: false,
    });
    return await collectFacts(pdf);
  } catch (error) {
    return error instanceof Error && error.name === 'PasswordException' ? 'encrypted' : 'damaged';
  } finally {
    await pdf?.destroy();
  }
}
