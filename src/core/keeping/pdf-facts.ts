import { chooseLanguage, type Language } from '../model/language.js';

/** Facts of a PDF as a screen reader or a person who prints it meets them. */
export interface CheckedPdf {
  readonly pages: number;
  /** Pages that were read: the first ones of a long document. */
  readonly pagesRead: number;
  /** Marked as tagged (ISO 32000-1, 14.7.1), with a structure tree on some page. */
  readonly isTagged: boolean;
  /** Pages with text but without a tag, where others have some. */
  readonly pagesWithoutTags: number;
  /** Language of the document as it is written there, BCP 47; undefined: none. */
  readonly language: string | undefined;
  readonly title: string | undefined;
  /** Whether a reader shows the title in place of the file's name. */
  readonly showsTitle: boolean;
  /** Pages without any text: pictures of pages, as a scanner makes them. */
  readonly pagesWithoutText: number;
  /** Share of letters without a meaning: their font does not say which letters they are. */
  readonly unmappedShare: number;
  readonly words: number;
  /** School grade of the text, read in each language; undefined: the text is too short. */
  readonly grades: Readonly<Record<Language, number | undefined>>;
  /** Encrypted so that programs may not read it to people. */
  readonly isLocked: boolean;
  readonly hasScript: boolean;
}

/** Reasons why nothing is known of a file. */
export type PdfFailure = 'missing' | 'damaged' | 'encrypted' | 'too-large' | 'too-costly';

/** Result of a check: its facts, or why there are none. */
export type PdfReading = CheckedPdf | PdfFailure;

/** Faults of a handout's PDF. Texts are in resources/i18n under `pdfCheck.findings`. */
const PDF_FINDINGS = [
  'missing',
  'damaged',
  'encrypted',
  'too-large',
  'too-costly',
  'untagged',
  'pages-without-tags',
  'no-language',
  'other-language',
  'no-title',
  'file-name-title',
  'title-not-shown',
  'no-text',
  'pages-without-text',
  'unmapped-letters',
  'locked',
  'script',
  'hard-to-read',
] as const;
export type PdfFinding = (typeof PDF_FINDINGS)[number];

/** Health authorities ask for patient education at the sixth to eighth grade. */
const HIGHEST_GRADE = 8;
/** A larger share of letters without a meaning spoils what is read aloud. */
const MOST_UNMAPPED = 0.02;
/** Titles that programs write by themselves. */
const FILE_NAME = /\.(?:docx?|pdf|indd|pptx?|pub|odt|qxd|rtf)$|^(?:microsoft word|untitled|document ?\d*$|slide ?\d)/i;

const isPart = (count: number, all: number): boolean => count > 0 && count < all;

/** Whether a document is marked as one in another language than its handout's. */
const isOther = (written: string | undefined, language: Language | undefined): boolean =>
  written !== undefined && language !== undefined && chooseLanguage(written) !== language;

/**
 * Lists what is wrong with a PDF, in the order of `PDF_FINDINGS`.
 * @param language of the handout; undefined: no handout leads to the file
 */
export function findPdfFaults(reading: PdfReading, language: Language | undefined): PdfFinding[] {
  if (typeof reading === 'string') return [reading];
  const { pagesRead, pagesWithoutText, pagesWithoutTags, isTagged, title } = reading;
  const hasText = pagesWithoutText < pagesRead;
  const found: Partial<Record<PdfFinding, boolean>> = {
    untagged: !isTagged,
    'pages-without-tags': isTagged && pagesWithoutTags > 0,
    'no-language': reading.language === undefined,
    'other-language': isOther(reading.language, language),
    'no-title': title === undefined,
    'file-name-title': title !== undefined && FILE_NAME.test(title),
    'title-not-shown': title !== undefined && !reading.showsTitle,
    'no-text': !hasText,
    'pages-without-text': isPart(pagesWithoutText, pagesRead),
    'unmapped-letters': hasText && reading.unmappedShare > MOST_UNMAPPED,
    locked: reading.isLocked,
    script: reading.hasScript,
    'hard-to-read': ((language && reading.grades[language]) ?? 0) > HIGHEST_GRADE,
  };
  return PDF_FINDINGS.filter((finding) => found[finding]);
}
