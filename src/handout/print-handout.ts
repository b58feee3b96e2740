import type { Logo } from '../read-logo.js';
import type { Fonts } from './fonts.js';
import { readable, type Handout, type HandoutAddress, type HandoutArticle } from './handout.js';
import { drawQr } from './qr.js';
import { printBlocks } from './print-blocks.js';
import { readBlocks } from './rich-text.js';
import { TaggedPdf, type TextStyle } from './tagged-pdf.js';

/** Font sizes in points: large print is 18 points (American Printing House for the Blind). */
const SIZES = { usual: { body: 12, small: 10.5 }, large: { body: 18, small: 16 } } as const;
/** A name label in points: 3 by 1 inches, the usual size of patient-identification printers. */
const LABEL = { width: 216, height: 72 } as const;
const LOGO = { width: 200, height: 48 } as const;
const QR_POINTS = 84;
const WRITING_LINE_POINTS = 26;
/** Lines to write on below each question. */
const WRITING_LINES = 2;

interface Printing {
  readonly pdf: TaggedPdf;
  readonly handout: Handout;
  /** Font size of the body in points. */
  readonly body: number;
  readonly small: number;
}

export interface PrintOptions {
  readonly fonts: Fonts;
  /** A PNG or JPEG logo; undefined: only the name is printed. */
  readonly logo: Logo | undefined;
  readonly now: Date;
}

const plain = (text: string) => [{ text }];
const bold = (text: string) => [{ text, isBold: true }];

/** Draws the space for a label at the right of the header, whose texts precede it in reading order. */
function printLabel({ pdf, handout: { label }, small }: Printing, top: number): void {
  if (label === undefined) return;
  const x = pdf.width - LABEL.width;
  pdf.artifact((document, left) => {
    document
      .lineWidth(0.75)
      .dash(4, { space: 3 })
      .rect(left + x, top, LABEL.width, LABEL.height)
      .stroke()
      .undash();
  });
  pdf.caption(label, { size: Math.min(small, 12), x: x + 6, y: top + 4 - pdf.y });
  pdf.y = Math.max(pdf.y, top + LABEL.height);
}

function printHead(printing: Printing, logo: Logo | undefined): void {
  const { pdf, handout, body, small } = printing;
  const { siteName, label } = handout;
  const top = pdf.y;
  const style: TextStyle = { size: small, keepRight: label === undefined ? 0 : LABEL.width + 16 };
  if (logo) {
    pdf.figure(siteName ?? '', { x: 0, ...LOGO }, (document, left, y) => {
      document.image(logo.bytes, left, y, { fit: [LOGO.width, LOGO.height] });
    });
    pdf.y += LOGO.height + 6;
  }
  if (siteName !== undefined) pdf.text('P', bold(siteName), { ...style, size: body });
  pdf.text('P', plain(handout.printed), style);
  printLabel(printing, top);
  pdf.rule({ before: 8, after: 10 });
  pdf.text('H1', bold(handout.heading), { size: body * 1.7, after: 8 });
}

function printNote({ pdf, handout: { note }, body }: Printing): void {
  if (!note) return;
  const section = pdf.open('Sect');
  pdf.text('H2', bold(note.head), { size: body * 1.15, after: 2, keepNext: body * 3 }, section);
  pdf.text('P', plain(note.text), { size: body, after: 6 }, section);
  section.end();
  pdf.rule({ before: 0, after: 8 });
}

/** Prints the address of an article beside its QR code. */
function printAddress(
  { pdf, handout, body, small }: Printing,
  { address, readAt, scan }: HandoutAddress,
  section: Section,
) {
  const { size, path } = drawQr(address);
  const lines = [...plain(readAt), { text: '\n' }, { text: readable(address), href: address }];
  pdf.ensure(QR_POINTS + 12);
  pdf.y += 6;
  const top = pdf.y;
  pdf.figure(
    scan,
    { x: 0, width: QR_POINTS, height: QR_POINTS },
    (document, left, y) => {
      const scale = QR_POINTS / size;
      document.save().translate(left, y).scale(scale).path(path).fill('black').restore();
    },
    section,
  );
  pdf.text('P', lines, { size: body, indent: QR_POINTS + 12, after: 4 }, section);
  pdf.text('P', plain(handout.scanHint), { size: small, indent: QR_POINTS + 12 }, section);
  pdf.y = Math.max(pdf.y, top + QR_POINTS) + 4;
}

type Section = ReturnType<TaggedPdf['open']>;

function printArticle(printing: Printing, article: HandoutArticle): void {
  const { pdf, handout, body, small } = printing;
  const { language, title, kind, otherLanguage, html, caution, source, dated } = article;
  const lang = language === handout.language ? undefined : language;
  // A title and an address alone stay on one page.
  if (html === undefined) pdf.ensure(QR_POINTS + body * 8);
  const section = pdf.open('Sect');
  const heading: TextStyle = { size: body * 1.35, before: 12, after: 4, keepNext: body * 5, lang };
  pdf.text('H2', bold(title), heading, section);
  pdf.text('P', plain([kind, otherLanguage].filter(Boolean).join(' · ')), { size: small, after: 6 }, section);
  if (html !== undefined) printBlocks(pdf, readBlocks(html), { size: body, lang, parent: section });
  if (caution !== undefined) pdf.text('P', bold(caution), { size: body, before: 4, after: 4 }, section);
  for (const link of article.links) printAddress(printing, link, section);
  printAddress(printing, article, section);
  const provenance = [source, dated].filter((part) => part !== '').join(' · ');
  pdf.text('P', plain(provenance), { size: small, after: 4 }, section);
  section.end();
  pdf.rule({ before: 2, after: 6 });
}

function printTeachBack({ pdf, handout: { teachBack }, body }: Printing): void {
  if (!teachBack) return;
  const section = pdf.open('Sect');
  const room = WRITING_LINES * WRITING_LINE_POINTS;
  const heading = { size: body * 1.15, before: 8, after: 4, keepNext: body * 2 + room };
  pdf.text('H2', bold(teachBack.head), heading, section);
  for (const line of teachBack.lines) {
    pdf.text('P', plain(line), { size: body, keepNext: room }, section);
    for (let at = 0; at < WRITING_LINES; at += 1) pdf.rule({ before: WRITING_LINE_POINTS - 4, after: 4 });
    pdf.y += 6;
  }
  section.end();
}

function printEnd({ pdf, handout, body, small }: Printing): void {
  const { help, notice, sources } = handout;
  const section = pdf.open('Sect');
  pdf.text('H2', bold(help.head), { size: body * 1.15, before: 10, after: 2, keepNext: body * 3 }, section);
  for (const line of help.lines) pdf.text('P', bold(line), { size: body, after: 2 }, section);
  if (notice !== undefined) pdf.text('P', plain(notice), { size: small, before: 8, after: 4 }, section);
  section.end();
  if (sources.lines.length === 0) return;
  const rights = pdf.open('Sect');
  pdf.text('H2', bold(sources.head), { size: small * 1.1, before: 10, after: 2, keepNext: small * 3 }, rights);
  for (const line of sources.lines) pdf.text('P', plain(line), { size: small, after: 3 }, rights);
  rights.end();
}

/**
 * Prints a handout as a tagged PDF (PDF/UA-1).
 * @param numberPage formats the footer of a page
 */
export async function printHandout(
  handout: Handout,
  { fonts, logo, now }: PrintOptions,
  numberPage: (page: number, pages: number) => string,
): Promise<Buffer> {
  const { language, heading, siteName, isLarge } = handout;
  const facts = { title: heading, language, author: siteName ?? 'Education Connect', createdOn: now };
  const pdf = new TaggedPdf(facts, fonts);
  const printing = { pdf, handout, ...SIZES[isLarge ? 'large' : 'usual'] };
  printHead(printing, logo);
  printNote(printing);
  for (const article of handout.articles) printArticle(printing, article);
  printTeachBack(printing);
  printEnd(printing);
  return pdf.finish(numberPage);
}
