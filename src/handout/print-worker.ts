/** The printing thread: does one job after another. A fault of ours ends it; the next job starts another. */
import { parentPort } from 'node:worker_threads';
import { Fonts } from './fonts.js';
import { collectText, type NoticeLine, type PrintJob, type PrintResult } from './handout.js';
import { printHandout } from './print-handout.js';

/** Does a job of printing. */
async function doPrintJob({ handout, logo, now }: PrintJob, fonts: Fonts): Promise<PrintResult> {
  const text = collectText(handout);
  await fonts.load(text + handout.notice.map((line) => line.text).join(''));
  const isPrintable = (line: NoticeLine): boolean => fonts.findUnprintable(line.text).length === 0;
  const omitted = handout.notice.filter((line) => !isPrintable(line));
  const unprintable = fonts.findUnprintable(text);
  if (unprintable.length > 0) return { pdf: undefined, pages: 0, unprintable, omitted };
  const printed = await printHandout({ ...handout, notice: handout.notice.filter(isPrintable) }, { fonts, logo, now });
  return { ...printed, unprintable, omitted };
}

const fonts = new Fonts();
const answer = async (job: PrintJob): Promise<void> => parentPort?.postMessage(await doPrintJob(job, fonts));
parentPort?.on('message', (job: PrintJob) => void answer(job));
