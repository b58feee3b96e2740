/** The printing thread: does one job after another. A fault of ours ends it; the next job starts another. */
import { parentPort } from 'node:worker_threads';
import { Fonts } from './fonts.js';
import type { PrintJob, PrintResult } from './print-messages.js';
import { collectText } from './handout.js';
import { printHandout } from './print-handout.js';

/** Does a job of printing. */
async function doPrintJob({ handout, notice, logo, now, footer }: PrintJob, fonts: Fonts): Promise<PrintResult> {
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

const fonts = new Fonts();
const answer = async (job: PrintJob): Promise<void> => parentPort?.postMessage(await doPrintJob(job, fonts));
parentPort?.on('message', (job: PrintJob) => void answer(job));
