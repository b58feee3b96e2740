import { printableLine } from '../core/printable.js';
import type { Complaint } from '../build/source.js';
import type { Out } from './streams.js';

/** Exit code where rows of a list were left out. */
const LEFT_OUT = 2;

/**
 * Names the rows of a list that were left out, on the error stream.
 * @returns exit code: 0, or 2 where there are any
 */
export function tellComplaints(complaints: readonly Complaint[], stderr: Out): number {
  for (const { file, line, reason } of complaints) stderr.write(`${file}:${line}: ${printableLine(reason)}\n`);
  if (complaints.length === 0) return 0;
  stderr.write(`rows left out: ${complaints.length}\n`);
  return LEFT_OUT;
}
