import { printableLine } from '../../core/printable.js';
import type { Complaint } from '../../build/source.js';
import type { Out } from './streams.js';

/** Exit code if rows of a list were left out. */
const LEFT_OUT = 2;

/**
 * Writes the rows of a list that were left out to stderr.
 * @returns exit code: 0, or 2 if there are any
 */
export function reportComplaints(complaints: readonly Complaint[], stderr: Out): number {
  for (const { file, line, reason } of complaints) stderr.write(`${file}:${line}: ${printableLine(reason)}\n`);
  if (complaints.length === 0) return 0;
  stderr.write(`rows left out: ${complaints.length}\n`);
  return LEFT_OUT;
}
