import {
  readable,
  type Handout,
  type LeafletContents,
  type HandoutAddress,
  type HandoutArticle,
  type HandoutWords,
} from './handout.js';
import { measureLead, printBlocks } from './print-blocks.js';
import { drawQr } from './qr.js';
import { readBlocks, type Run } from './rich-text.js';
import type { StructureElement } from './tagged-document.js';
import type { TaggedPdf, TextStyle } from './tagged-pdf.js';

/** A handout that is being printed, with sizes in points. */
export interface Printing {
  readonly pdf: TaggedPdf;
  readonly handout: Handout;
  readonly body: number;
  readonly small: number;
  /** Size of sources and rights. */
  readonly fine: number;
  /** Size of the foot of a page. */
  readonly foot: number;
  /** Side of a QR code. */
  readonly qr: number;
  /** Space for a name label. */
  readonly label: { readonly width: number; readonly height: number };
  /** Factor of the space between parts. */
  readonly gap: number;
  /** Lines to write on below each question. */
  readonly writingLines: number;
}

export const plain = (text: string): Run[] => [{ text }];
export const bold = (text: string): Run[] => [{ text, isBold: true }];

/** The name of an article's bookmark, by its place on the handout. */
export const nameBookmark = (at: number): string => `article-${at + 1}`;

/** An address as text, of which the second run is the link. */
const writeAddress = ({ readAt, address }: HandoutAddress): Run[] => [
  ...plain(readAt),
  { text: '\n' },
  { text: readable(address), href: address },
];

/** The section of an article, with the language of the words around its text and of the text, where they are not the document's. */
interface Section {
  readonly section: StructureElement;
  readonly lang: string | undefined;
  readonly textLang: string | undefined;
}

interface AddressBlock {
  readonly one: HandoutAddress;
  /** Lines below the address, in small print. */
  readonly lines: readonly string[];
  readonly lang: string | undefined;
}

/** Points that an address with its QR code takes. */
function measureAddress({ pdf, body, small, qr }: Printing, { one, lines }: AddressBlock): number {
  const indent = qr + 12;
  const text = pdf.heightOf(writeAddress(one), { size: body, indent, after: 2 });
  const below = lines.map((line) => pdf.heightOf(plain(line), { size: small, indent }));
  return (
    Math.max(
      qr,
      below.reduce((sum, height) => sum + height, text),
    ) + 10
  );
}

/** Prints an address beside its QR code; both are on one page. */
export function printAddress(printing: Printing, block: AddressBlock, section: StructureElement): void {
  const { pdf, body, small, qr } = printing;
  const { one, lines, lang } = block;
  pdf.ensure(measureAddress(printing, block));
  pdf.y += 6;
  const top = pdf.y;
  const { size, path } = drawQr(one.address);
  pdf.figure(
    one.scan,
    { x: 0, width: qr, height: qr },
    (document, left, y) => {
      document
        .save()
        .translate(left, y)
        .scale(qr / size)
        .path(path)
        .fill('black')
        .restore();
    },
    section,
  );
  const indent = qr + 12;
  pdf.text('P', writeAddress(one), { size: body, indent, after: 2, lang }, section);
  for (const line of lines) pdf.text('P', plain(line), { size: small, indent, lang }, section);
  pdf.y = Math.max(pdf.y, top + qr) + 4;
}

/** The words around an article: those of its own language in a bilingual handout. */
function findWords({ words }: Handout, { wordsLanguage }: HandoutArticle): HandoutWords {
  return words.find(({ language }) => language === wordsLanguage) ?? words[0];
}

/** Prints the contents of a leaflet. Their element stays open: page numbers are written at the end. */
function printLeafletContents({ pdf, small, body, gap }: Printing, contents: LeafletContents, place: Section): void {
  const { section, lang } = place;
  const { head, lead, entries } = contents;
  pdf.text('H3', bold(head), { size: body * 1.1, after: 2, keepNext: body * 3, lang }, section);
  if (lead !== '') pdf.text('P', plain(lead), { size: small, after: 4, keepNext: small * 2, lang }, section);
  const list = pdf.open('TOC', section);
  for (const { heading, anchor, mark } of entries) {
    const title = mark === '' ? heading : `${heading} (${mark})`;
    pdf.contentsLine(title, anchor, { size: small, after: 2, lang: place.textLang }, list);
  }
  pdf.y += 8 * gap;
}

/** Prints an article: its heading with the first lines of its text, and its address with its author, are each on one page. */
export function printArticle(printing: Printing, article: HandoutArticle, at: number): void {
  const { pdf, handout, body, small, gap } = printing;
  const { title, kind, otherLanguage, html, caution, source, dated } = article;
  const words = findWords(handout, article);
  const documentLanguage = handout.words[0].language;
  const toLang = (language: string): string | undefined => (language === documentLanguage ? undefined : language);
  const [lang, wordsLang] = [toLang(article.language), toLang(words.language)];
  const blocks = html === undefined ? [] : readBlocks(html);
  const ends: AddressBlock[] = [...article.links, article].map((one) => {
    const provenance = one === article ? [source, dated].filter((part) => part !== '').join(' · ') : '';
    const { language, scanHint } = one.inLanguage ?? { language: wordsLang, scanHint: words.scanHint };
    return { one, lines: [scanHint, provenance].filter((line) => line !== ''), lang: language };
  });
  const cautionStyle: TextStyle = { size: body, before: 4, after: 4, lang: wordsLang };
  const end = ends[0] ? measureAddress(printing, ends[0]) : 0;
  const lead = measureLead(pdf, blocks, { size: body, lang, parent: { add: () => undefined, end: () => undefined } });
  const rest = caution === undefined ? end : end + pdf.heightOf(bold(caution), cautionStyle);
  const line = [kind, otherLanguage].filter(Boolean).join(' · ');
  const lineStyle: TextStyle = { size: small, after: 6 * gap, lang: wordsLang, keepNext: lead === 0 ? rest : lead };
  const heading: TextStyle = { size: body * 1.35, before: 10 * gap, after: 2, lang };
  const head = pdf.heightOf(bold(title), heading) + pdf.heightOf(plain(line), lineStyle);
  pdf.ensure(head + (lineStyle.keepNext ?? 0));
  const section = pdf.open('Sect');
  pdf.bookmark(title, nameBookmark(at));
  pdf.text('H2', bold(title), heading, section);
  pdf.text('P', plain(line), lineStyle, section);
  if (article.contents) printLeafletContents(printing, article.contents, { section, lang: wordsLang, textLang: lang });
  printBlocks(pdf, blocks, { size: body, lang, parent: section });
  if (caution !== undefined) pdf.text('P', bold(caution), { ...cautionStyle, keepNext: end }, section);
  for (const block of ends) printAddress(printing, block, section);
  if (!article.contents) section.end();
  pdf.rule({ before: 4 * gap, after: 4 * gap });
}
