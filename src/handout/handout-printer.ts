import { bulkhead, isBulkheadRejectedError } from 'cockatiel';
import { RequestError } from '../core/errors.js';
import { LIMITS } from '../limits.js';
import type { InFlight } from '../protocols/route.js';
import { checkClient } from '../protocols/route.js';
import type { Logo } from '../read-logo.js';
import { Fonts } from './fonts.js';
import type { Handout, HandoutArticle } from './handout.js';
import { Pace } from './pace.js';
import { printHandout } from './print-handout.js';
import { readableLogo } from './readable-logo.js';

interface PrintRequest {
  readonly now: Date;
  readonly inFlight: InFlight | undefined;
  /** Formats the footer of a page. */
  readonly numberPage: (page: number, pages: number) => string;
}

const listTexts = (article: HandoutArticle): string => {
  const { title, kind, otherLanguage = '', html = '', caution = '', links, source, dated } = article;
  const leads = links.map(({ readAt }) => readAt);
  return [title, kind, otherLanguage, html.replace(/<[^>]*>/g, ' '), caution, ...leads, source, dated].join(' ');
};

/** All printed text of a handout that comes from a site or a clinician. */
function collectText({ siteName = '', note, articles }: Handout): string {
  return [siteName, note?.text ?? '', ...articles.map(listTexts)].join(' ');
}

/** The lines of a notice whose letters the PDF has. */
function printableLines(notice: string | undefined, fonts: Fonts): string | undefined {
  const lines = notice?.split('\n').filter((line) => fonts.findUnprintable(line).length === 0);
  return lines?.join('\n').trim() || undefined;
}

/** A handout with letters of every font. */
const SAMPLE: Handout = {
  language: 'en',
  heading: 'Handout',
  siteName: undefined,
  printed: '',
  note: { head: 'Note', text: 'Añada → α' },
  label: 'Label',
  articles: [],
  scanHint: '',
  teachBack: { head: 'Words', lines: ['Words'] },
  help: { head: 'Help →', lines: ['Help'] },
  notice: 'Notice',
  sources: { head: 'Sources', lines: ['Source'] },
  isLarge: false,
};

/** Creates PDFs of handouts, a few at a time, in slices between which other requests are answered. */
export class HandoutPrinter {
  readonly #fonts = new Fonts();
  readonly #logo: Logo | undefined;
  #isPrepared = false;
  readonly #turns = bulkhead(LIMITS.handoutsAtOnce, LIMITS.handoutQueue);

  /** @param logo the hospital's; left out if a PDF cannot contain it (handout/readable-logo.ts) */
  constructor(logo: Logo | undefined) {
    this.#logo = readableLogo(logo);
  }

  /** Prints a sample, so that the first real handout does not wait for fonts to be read. */
  async prepare(): Promise<void> {
    if (this.#isPrepared) return;
    this.#isPrepared = true;
    const options = { fonts: this.#fonts, pace: new Pace(), logo: undefined, now: new Date(0) };
    await printHandout(SAMPLE, options, String);
  }

  /** Whether the PDF omits lines of a notice because no font has their letters. */
  cutsNotice(notice: string | undefined): boolean {
    return notice !== undefined && printableLines(notice, this.#fonts) !== notice.trim();
  }

  /**
   * Prints a handout as a tagged PDF.
   * @throws RequestError `unprintable` if no font of ours has some of its letters, `too-costly` if its texts are too
   * long, `overloaded` if too many handouts are waiting
   */
  async print(handout: Handout, { now, inFlight, numberPage }: PrintRequest): Promise<Buffer> {
    const text = collectText(handout);
    const most = LIMITS.maxHandoutChars;
    if (text.length > most) throw new RequestError('too-costly', { most, unit: 'characters' });
    const letters = this.#fonts.findUnprintable(text);
    if (letters.length > 0) throw new RequestError('unprintable', { letters: letters.slice(0, 20).join(' ') });
    inFlight?.hold(text.length);
    const pace = new Pace(() => {
      checkClient(inFlight);
    });
    const printed = { ...handout, notice: printableLines(handout.notice, this.#fonts) };
    try {
      return await this.#turns.execute(() =>
        printHandout(printed, { fonts: this.#fonts, pace, logo: this.#logo, now }, numberPage),
      );
    } catch (error) {
      if (isBulkheadRejectedError(error)) throw new RequestError('overloaded');
      throw error;
    }
  }
}
