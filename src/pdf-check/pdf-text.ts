/** A run of letters on a page, as PDF.js returns it: a font's height and the place of its first letter. */
export interface TextRun {
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
export function joinParagraphs(runs: readonly TextRun[]): string {
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
export const countUnmapped = (text: string): number => text.match(UNMAPPED)?.length ?? 0;
