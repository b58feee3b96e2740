import type { Fonts } from './fonts.js';
import { collectText } from './handout.js';
import { printHandout } from './print-handout.js';
import type { PrintJob, PrintResult } from './print-messages.js';

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
