/** The printing thread: does one job after another. A fault of ours ends it; the next job starts another. */
import { parentPort } from 'node:worker_threads';
import { Fonts } from './fonts.js';
import type { PrintJob } from './print-messages.js';
import { doPrintJob } from './print-job.js';

const fonts = new Fonts();
const answer = async (job: PrintJob): Promise<void> => parentPort?.postMessage(await doPrintJob(job, fonts));
parentPort?.on('message', (job: PrintJob) => void answer(job));
