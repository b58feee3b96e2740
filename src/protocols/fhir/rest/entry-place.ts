import { RequestError } from '../../../core/errors.js';
import { InvalidResourceError } from '../writing/faults.js';

/** An entry of a Bundle that was sent. */
export interface EntryPlace {
  readonly index: number;
  /** Its own name, as it was sent. */
  readonly fullUrl?: unknown;
}

/** Names longer than any address of ours say nothing. */
const NAME = /^[!-~]{1,200}$/;

/** Where a fault of an entry's request lies in the Bundle: what lies in its resource keeps its way there. */
function findPlace(at: string, expression: unknown): string {
  if (typeof expression !== 'string') return at;
  if (expression.startsWith(at)) return expression;
  const [, within] = /^[A-Z][A-Za-z]*\.(.+)$/.exec(expression) ?? [];
  return within === undefined ? at : `${at}.resource.${within}`;
}

/** An error of one entry as one of the whole Bundle: it names the entry, by its number and its own name, and tells the place. */
function nameEntry<E>(error: E, { index, fullUrl }: EntryPlace): E | RequestError {
  if (!(error instanceof RequestError)) return error;
  const at = `Bundle.entry[${index}]`;
  const entry = typeof fullUrl === 'string' && NAME.test(fullUrl) ? `${at} (${fullUrl})` : at;
  if (error instanceof InvalidResourceError) {
    return new InvalidResourceError(
      error.faults.map((fault) => ({
        ...fault,
        expression: findPlace(at, fault.expression),
        reason: `${entry}: ${fault.reason}`,
      })),
    );
  }
  return new RequestError(
    error.code,
    { ...error.values, entry, expression: findPlace(at, error.values.expression) },
    error.cause,
  );
}

/** Does something for one entry; what fails names it. */
export async function runForEntry<T>(place: EntryPlace, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw nameEntry(error, place);
  }
}
