/** `node --expose-gc --import` of this lets the parent ask a server how much memory it holds once all that is free is freed. */
// Workers inherit the option; messages to them are jobs.
const isWorker = /worker\.[jt]s$/.test(process.argv[1] ?? '');
if (!isWorker)
  process.on('message', () => {
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    process.send?.(heapUsed + external);
  });
if (!isWorker) process.channel?.unref();
