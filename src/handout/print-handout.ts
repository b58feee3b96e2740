import type { Logo } from '../core/model/department.js';
import type { Fonts } from './fonts.js';
import { listContents, type Handout } from './handout.js';
import { bold, nameBookmark, plain, printAddress, printArticle, type Printing } from './print-article.js';
import type { TextStyle } from './tagged-pdf.js';
import { TaggedPdf } from './tagged-pdf.js';
import { PAGE, type Draw, type DrawOnPage } from './tagged-pages.js';

/** Sizes in points: large print is 18 points (American Printing House for the Blind). */
const SIZES = {
  /** A name label of 3 by 1 inches, the usual size of patient-identification printers. */
  usual: { body: 12, small: 10.5, foot: 10, label: { width: 216, height: 72 } },
  large: { body: 18, small: 16, foot: 15, label: { width: 228, height: 90 } },
} as const;

/** Spaces in points. A handout is printed more closely if that saves a sheet; the size of its text is the same. */
const SPACING = {
  open: { top: 54, bottom: 64, leading: 1.35, gap: 1, qr: 84, fine: 1, writingLines: 2 },
  middle: { top: 48, bottom: 58, leading: 1.3, gap: 0.8, qr: 78, fine: 0.9, writingLines: 1 },
  close: { top: 36, bottom: 46, leading: 1.25, gap: 0.5, qr: 66, fine: 0.86, writingLines: 0 },
} as const;
type Spacing = (typeof SPACING)[keyof typeof SPACING];
/** Printing closely is tried for a handout of few pages, or one whose last page is filled to at most this share. */
const FEW_PAGES = 3;
const SPARSE = 0.5;

const LOGO = { width: 140, height: 40 } as const;
const WRITING_LINE_POINTS = 26;
/** Space within a frame. */
const PADDING = 8;

export interface PrintOptions {
  readonly fonts: Fonts;
  /** A PNG or JPEG logo; undefined: only the name is printed. */
  readonly logo: Logo | undefined;
  readonly now: Date;
}

/** Draws the space for a name label at the right, within an artifact. */
const drawLabel =
  ({ pdf, handout, label: { width, height }, small }: Printing): Draw =>
  (document, left, top) => {
    const x = pdf.width - width;
    document
      .lineWidth(0.75)
      .dash(4, { space: 3 })
      .rect(left + x, top, width, height)
      .stroke()
      .undash();
    pdf.write(handout.label?.caption ?? '', { x: x + 6, y: top + 4, size: small });
  };

/** Prints the head of the first page: hospital, date, title, and the space for a label beside them. */
function printHead(printing: Printing, logo: Logo | undefined): void {
  const { pdf, handout, body, small, label, gap } = printing;
  const { siteName, words } = handout;
  const [first, ...others] = words;
  const top = pdf.y;
  const keepRight = handout.label === undefined ? 0 : label.width + 16;
  // An artifact: screen readers read the name beside it.
  const width = logo ? pdf.logo(logo.bytes, LOGO) : 0;
  const beside: TextStyle = { size: body, keepRight, indent: width === 0 ? 0 : width + 12 };
  if (siteName !== undefined) pdf.text('P', bold(siteName), beside);
  if (logo) pdf.y = Math.max(pdf.y, top + LOGO.height);
  pdf.text('H1', bold(first.heading), { size: body * 1.6, keepRight, before: 4 });
  for (const { heading, language } of others)
    pdf.text('P', bold(heading), { size: body * 1.2, keepRight, lang: language });
  pdf.text('P', plain(first.printed), { size: small, keepRight });
  if (handout.label) {
    pdf.artifact((document, left) => {
      drawLabel(printing)(document, left, top);
    });
    pdf.y = Math.max(pdf.y, top + label.height);
  }
  pdf.y += 10 * gap;
}

/** Prints parts within a frame; they are too short to be divided between pages. */
function printFramed({ pdf, gap }: Printing, print: () => void): void {
  const top = pdf.y;
  pdf.y += PADDING;
  print();
  pdf.y += PADDING;
  const height = pdf.y - top;
  pdf.artifact((document, left) => {
    document.lineWidth(1).rect(left, top, pdf.width, height).stroke('#000');
  });
  pdf.y += 10 * gap;
}

/** Prints the telephone numbers for emergencies, on the first page. */
function printHelp(printing: Printing): void {
  const { pdf, handout, body } = printing;
  printFramed(printing, () => {
    for (const [at, { help, language }] of handout.words.entries()) {
      const style: TextStyle = {
        size: body,
        indent: PADDING,
        keepRight: PADDING,
        lang: at === 0 ? undefined : language,
      };
      const section = pdf.open('Sect');
      pdf.text('H2', plain(help.head), { ...style, before: at * 4 }, section);
      for (const line of help.lines) pdf.text('P', bold(line), style, section);
      section.end();
    }
  });
}

function printNote({ pdf, handout: { note, words }, body, gap }: Printing): void {
  if (note === '') return;
  const section = pdf.open('Sect');
  const head = words.map(({ noteHead }) => noteHead).join(' · ');
  pdf.text('H2', bold(head), { size: body * 1.15, after: 2, keepNext: body * 3 }, section);
  pdf.text('P', plain(note), { size: body, after: 6 }, section);
  section.end();
  pdf.rule({ before: 0, after: 8 * gap });
}

/** Prints appointments, and when to call whom: an entry stays on one page. */
function printFollowUp({ pdf, handout: { followUp }, body, gap }: Printing): void {
  if (!followUp) return;
  const section = pdf.open('Sect');
  pdf.text('H2', bold(followUp.head), { size: body * 1.15, after: 2, keepNext: body * 6 }, section);
  for (const { head, entries } of followUp.parts) {
    pdf.text('H3', bold(head), { size: body, before: 4 * gap, after: 2, keepNext: body * 5 }, section);
    for (const facts of entries) {
      for (const [at, { label, text }] of facts.entries()) {
        const isLast = at === facts.length - 1;
        const style = { size: body, indent: PADDING, after: isLast ? 6 : 0, keepNext: isLast ? 0 : body * 2 };
        pdf.text('P', [...bold(`${label}: `), ...plain(text)], style, section);
      }
    }
  }
  section.end();
  pdf.rule({ before: 0, after: 8 * gap });
}

/** Prints the contents. Their section stays open: page numbers are written at the end. */
function printContents({ pdf, handout, body, gap }: Printing): void {
  const articles = listContents(handout);
  if (articles.length === 0) return;
  const { words } = handout;
  const section = pdf.open('Sect');
  const head = words.map(({ contentsHead }) => contentsHead).join(' · ');
  pdf.text('H2', bold(head), { size: body * 1.15, after: 4, keepNext: body * 3 }, section);
  const list = pdf.open('TOC', section);
  for (const [at, { title, language }] of articles.entries()) {
    const lang = language === words[0].language ? undefined : language;
    pdf.contentsLine(title, nameBookmark(at), { size: body, lang, after: 2 }, list);
  }
  pdf.rule({ before: 6 * gap, after: 6 * gap });
}

/** Prints the address of all of the handout, with one code for a phone. */
function printWhole(printing: Printing): void {
  const { pdf, handout, body, gap, qr } = printing;
  const { whole: one, words } = handout;
  if (!one) return;
  const section = pdf.open('Sect');
  pdf.text('H2', bold(one.head), { size: body * 1.15, before: 8 * gap, keepNext: qr + 10 }, section);
  printAddress(printing, { one, lines: [words[0].scanHint], lang: undefined }, section);
  section.end();
}

/** Prints questions with lines to write on: below them, or beside them in a handout that is printed closely. */
function printTeachBack({ pdf, handout: { words }, body, gap, writingLines }: Printing): void {
  const [first, ...others] = words;
  if (!first.teachBack) return;
  const join = (own: string, translated: readonly (string | undefined)[]) => [own, ...translated].join(' · ');
  const room = Math.max(1, writingLines) * WRITING_LINE_POINTS;
  const head = join(
    first.teachBack.head,
    others.map(({ teachBack }) => teachBack?.head),
  );
  const section = pdf.open('Sect');
  const heading = { size: body * 1.15, before: 8 * gap, after: 4 * gap };
  pdf.ensure(pdf.heightOf(bold(head), heading) + first.teachBack.lines.length * (body * 1.4 + room));
  pdf.text('H2', bold(head), heading, section);
  for (const [at, line] of first.teachBack.lines.entries()) {
    const question = join(
      line,
      others.map(({ teachBack }) => teachBack?.lines[at]),
    );
    pdf.text('P', plain(question), { size: body, before: writingLines === 0 ? 8 : 0, keepNext: room }, section);
    if (writingLines === 0) pdf.rule({ before: -2, after: 2, from: pdf.lastEnd + 6 });
    for (let written = 0; written < writingLines; written += 1) pdf.rule({ before: WRITING_LINE_POINTS - 4, after: 4 });
    pdf.y += 6 * gap;
  }
  section.end();
}

function printNotice({ pdf, handout: { words, notice }, body, small, gap }: Printing): void {
  if (notice.length === 0) return;
  const section = pdf.open('Sect');
  const head = words.map(({ noticeHead }) => noticeHead).join(' · ');
  pdf.text('H2', bold(head), { size: body * 1.1, before: 8 * gap, after: 2, keepNext: small * 3 }, section);
  for (const { text, language } of notice) {
    const lang = language === words[0].language ? undefined : language;
    pdf.text('P', plain(text), { size: small, after: 4 * gap, lang }, section);
  }
  section.end();
}

function printSources({ pdf, handout: { words }, fine, gap }: Printing): void {
  for (const [at, { sources, language }] of words.entries()) {
    if (sources.lines.length === 0) continue;
    const lang = at === 0 ? undefined : language;
    const section = pdf.open('Sect');
    pdf.text(
      'H2',
      bold(sources.head),
      { size: fine, before: 8 * gap, after: 2 * gap, keepNext: fine * 3, lang },
      section,
    );
    for (const line of sources.lines) pdf.text('P', plain(line), { size: fine, after: 3 * gap, lang }, section);
    section.end();
  }
}

/** Draws the foot of a page, and the head of a later one, within an artifact. */
const drawAround =
  (printing: Printing, { top, bottom }: { readonly top: number; readonly bottom: number }): DrawOnPage =>
  (page, pages) =>
  (document, left) => {
    const { pdf, handout, foot } = printing;
    const { siteName, words, label } = handout;
    const numbers = words.map((one) => one.page.replace('{page}', String(page)).replace('{pages}', String(pages)));
    const text = [siteName, ...numbers].filter(Boolean).join(' · ');
    pdf.write(text, { x: 0, y: PAGE.height - bottom + (bottom - foot) / 2 - 4, size: foot });
    if (page === 1 || !label?.isOnEachPage) return;
    pdf.write(words[0].heading, { x: 0, y: top, size: foot });
    pdf.write(words[0].printed, { x: 0, y: top + foot * 1.4, size: foot });
    drawLabel(printing)(document, left, top);
  };

/** Lays a handout out on pages. */
function layOut(handout: Handout, { fonts, logo, now }: PrintOptions, spacing: Spacing) {
  const { siteName, words, isLarge, label } = handout;
  const [{ language, heading }] = words;
  const facts = { title: heading, language, author: siteName ?? 'Education Connect', createdOn: now };
  const sizes = SIZES[isLarge ? 'large' : 'usual'];
  const laterTop = label?.isOnEachPage ? spacing.top + sizes.label.height + 12 : spacing.top;
  const pdf = new TaggedPdf(facts, fonts, { ...spacing, laterTop });
  const printing: Printing = { pdf, handout, ...sizes, ...spacing, fine: sizes.small * spacing.fine };
  printHead(printing, logo);
  printHelp(printing);
  printNote(printing);
  printFollowUp(printing);
  printContents(printing);
  for (const [at, article] of handout.articles.entries()) printArticle(printing, article, at);
  printWhole(printing);
  printTeachBack(printing);
  printNotice(printing);
  printSources(printing);
  return { pages: pdf.pages, fill: pdf.fill, finish: () => pdf.finish(drawAround(printing, spacing)) };
}

/** Lays a handout out as openly as the fewest pages allow. */
function layOutBest(handout: Handout, options: PrintOptions) {
  const open = layOut(handout, options, SPACING.open);
  if (open.pages === 1 || (open.pages > FEW_PAGES && open.fill > SPARSE)) return open;
  const close = layOut(handout, options, SPACING.close);
  if (close.pages === open.pages) return open;
  const middle = layOut(handout, options, SPACING.middle);
  return middle.pages === close.pages ? middle : close;
}

/** Prints a handout as a tagged PDF (PDF/UA-1), closely if that saves a sheet. */
export async function printHandout(handout: Handout, options: PrintOptions): Promise<{ pdf: Buffer; pages: number }> {
  const best = layOutBest(handout, options);
  return { pdf: await best.finish(), pages: best.pages };
}
