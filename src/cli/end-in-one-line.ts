import { readFileSync } from 'node:fs';

/** The part of the process that an entry point needs. */
type EntryProcess = Pick<NodeJS.Process, 'stdout' | 'stderr' | 'exit' | 'exitCode'>;

/** A start opens some two hundred files at once. */
const LEAST_DESCRIPTORS = 512;

/** Whether the system permits too few open files for the program to be loaded; Node reports that by many errors. */
function hasFewDescriptors(): boolean {
  try {
    const [, most = ''] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return most !== '' && Number(most) < LEAST_DESCRIPTORS;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EMFILE';
  }
}

/** One line on an error that nothing else has reported, with the place in the program where it is unforeseen. */
function describeUnforeseen(error: unknown): string {
  const { code = '', syscall, message = String(error), stack = '' } = error as Partial<NodeJS.ErrnoException>;
  const line = message.replace(/\s+/g, ' ');
  if (/^E[MN]FILE$/.test(code) || (/^ERR_/.test(code) && hasFewDescriptors()))
    return `too few files may be open at once: permit 1,024 or more (ulimit -n): ${line}`;
  if (syscall !== undefined) return line;
  const place = /^ +at (.{1,300})$/m.exec(stack)?.[1] ?? 'no place is known';
  return `unforeseen error: ${line} (${place})`;
}

/**
 * Runs an entry point. Every error ends it with exit code 1 and one line. A reader of its output that goes away ends nothing; an output
 * that cannot be written for another reason gives exit code 1 when the work is done.
 * @param run loads the program: with a static import a failure to load would precede everything here
 */
export async function endInOneLine(host: EntryProcess, run: () => Promise<void>): Promise<void> {
  const lost: string[] = [];
  host.stdout.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || lost.length > 0) return;
    lost.push(code);
    host.stderr.write(`education-connect: the output cannot be written: ${code}\n`);
    host.exitCode = 1;
  });
  host.stderr.on('error', () => undefined);
  try {
    await run();
    if (lost.length > 0) host.exitCode = 1;
  } catch (error) {
    host.stderr.write(`education-connect: ${describeUnforeseen(error)}\n`);
    host.exit(1);
  }
}
