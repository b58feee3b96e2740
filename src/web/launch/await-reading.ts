import type { InFlight } from '../../protocols/route.js';
import { LIMITS } from '../../limits.js';
import type { ChartRead, ChartReading, ReadPart } from './chart-read.js';
import type { ReadingRequest } from './read-chart.js';
import type { SessionRequest } from './session-request.js';

type Read = (reading: ReadingRequest) => Promise<ChartRead>;

/** Begins to read. Its memory is counted for the request that takes the result: the one that began it may be over before. */
function startReading({ session, options, request: { inFlight, now } }: SessionRequest, read: Read): ChartReading {
  let bytes = 0;
  const parts = new Map<ReadPart, boolean>();
  const own: InFlight = {
    client: inFlight?.client ?? '',
    isAbandoned: () => false,
    isCrowded: () => inFlight?.isCrowded() ?? false,
    hold: (more) => {
      bytes += more;
    },
  };
  const onPart = (part: ReadPart, isThere: boolean): void => void parts.set(part, isThere);
  const result = read({ session, options, inFlight: own, now, onPart });
  const reading = { since: performance.now(), parts, result, countBytes: () => bytes };
  const drop = (): void => {
    if (session.reading === reading) session.reading = undefined;
  };
  const dropLater = (): void => void setTimeout(drop, LIMITS.launchReadMs).unref();
  // A result that no request takes is not stored for long.
  result.then(dropLater, dropLater);
  return reading;
}

/** True if the work ends within some milliseconds. Its failure is the caller's. */
async function endsWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const done = work.then(
    () => true,
    () => true,
  );
  const isDone = await Promise.race([done, late]);
  clearTimeout(timer);
  return isDone;
}

/**
 * Reads a chart, or waits further for the reading that an earlier request has begun.
 * @param ms how long this request waits
 * @returns the reading while it is not finished
 * @throws LaunchFailure as `read` does; RequestError `overloaded`
 */
export async function awaitReading(given: SessionRequest, read: Read, ms: number): Promise<ChartRead | ChartReading> {
  const { session, request } = given;
  const { inFlight } = request;
  const reading = (session.reading ??= startReading(given, read));
  if (!(await endsWithin(reading.result, ms))) return reading;
  if (session.reading === reading) session.reading = undefined;
  inFlight?.hold(reading.countBytes());
  return reading.result;
}

export const isReading = (read: ChartRead | ChartReading): read is ChartReading => 'result' in read;
