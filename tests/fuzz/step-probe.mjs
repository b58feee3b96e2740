/**
 * `node --import` of this lets the parent ask a server how much of our code it ran since it was asked before: how often each
 * function, and each piece of one that a branch or a loop makes, was run. The engine counts; no clock does.
 */
import { Session } from 'node:inspector';

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
// Workers inherit the option; messages to them are jobs.
const isWorker = /worker\.[jt]s$/.test(process.argv[1] ?? '');
if (!isWorker)
  process.on('message', () => {
    session.post('Profiler.takePreciseCoverage', (_error, { result }) => {
      const ours = result.filter(({ url }) => /\/(?:dist|src)\/[^?]*$/.test(url) && !url.includes('/node_modules/'));
      const ranges = ours.flatMap(({ functions }) => functions.flatMap((one) => one.ranges));
      process.send?.(ranges.reduce((sum, { count }) => sum + count, 0));
    });
  });
if (!isWorker) process.channel?.unref();
