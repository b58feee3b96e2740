import { Session } from 'node:inspector/promises';

/**
 * How much of the product's code a piece of work runs: how often each function, and each piece of one that a branch or a loop
 * makes, is run. The engine counts and no clock does, so a busy machine changes nothing; what the engine forgets of its counts
 * while it frees memory makes two runs of one piece of work differ a little. The reading of a text by a pattern is one step.
 */
export async function countSteps(work: () => unknown): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    await work();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const ours = result.filter(({ url }) => /\/src\/[^?]*$/.test(url) && !url.includes('/node_modules/'));
    return ours
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
      .reduce((n, { count }) => n + count, 0);
  } finally {
    session.disconnect();
  }
}
