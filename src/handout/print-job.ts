import type { Logo } from '../read-logo.js';
import type { Fonts } from './fonts.js';
import type { Handout, HandoutArticle } from './handout.js';
import { printHandout } from './print-handout.js';

/** A job of the printing thread: to print a handout, or to check a site's notice. */
export interface PrintJob {
  /** Undefined: only the notice is checked. */
  readonly handout: Handout | undefined;
  readonly notice: string | undefined;
  readonly logo: Logo | undefined;
  readonly now: Date;
  /** The footer of a page, with `{page}` and `{pages}` in it. */
  readonly footer: string;
}

/** The result of a job. */
export interface PrintResult {
  /** Undefined if some letters cannot be printed, or nothing was to be. */
  readonly pdf: Uint8Array | undefined;
  /** Letters of the handout that no font of ours has. */
  readonly unprintable: readonly string[];
  /** The PDF omits lines of the notice because no font has their letters. */
  readonly cutsNotice: boolean;
}

const listTexts = (article: HandoutArticle): string => {
  const { title, kind, otherLanguage = '', html = '', caution = '', links, source, dated } = article;
  const leads = links.map(({ readAt }) => readAt);
  return [title, kind, otherLanguage, html.replace(/<[^>]*>/g, ' '), caution, ...leads, source, dated].join(' ');
};

/** All printed text of a handout that comes from a site or a clinician. */
export function collectText({ siteName = '', note, articles }: Handout): string {
  return [siteName, note?.text ?? '', ...articles.map(listTexts)].join(' ');
}

/** Does a job of printing. */
export async function doPrintJob({ handout, notice, logo, now, footer }: PrintJob, fonts: Fonts): Promise<PrintResult> {
  const lines = notice?.split('\n').filter((line) => fonts.findUnprintable(line).length === 0);
  const printed = lines?.join('\n').trim() || undefined;
  const cutsNotice = notice !== undefined && printed !== notice.trim();
  const unprintable = handout ? fonts.findUnprintable(collectText(handout)) : [];
  if (!handout || unprintable.length > 0) return { pdf: undefined, unprintable, cutsNotice };
  const numberPage = (page: number, pages: number): string =>
    footer.replace('{page}', String(page)).replace('{pages}', String(pages));
  const pdf = await printHandout({ ...handout, notice: printed }, { fonts, logo, now }, numberPage);
  return { pdf, unprintable, cutsNotice };
}
