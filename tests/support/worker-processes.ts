import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has gone meanwhile.
    return '';
  }
};

/** Ids of a process's workers (Linux alone). */
export function findWorkers(parent = process.pid): number[] {
  const tasks = existsSync(`/proc/${parent}/task`) ? readdirSync(`/proc/${parent}/task`) : [];
  const children = tasks.flatMap((task) => read(`/proc/${parent}/task/${task}/children`).trim().split(' '));
  return children.filter((pid) => /worker\.[jt]s/.test(read(`/proc/${pid}/cmdline`))).map(Number);
}

/** Whether a process runs: one that has ended has no command any more, even before its parent asks for its status. */
export const isRunning = (pid: number): boolean => read(`/proc/${pid}/cmdline`) !== '';

const TICK_MS = 10;

/** CPU time of a process in milliseconds, without its children. */
export function readCpuMs(pid: number): number {
  const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Waits until a process has used so much more CPU time: it is in the middle of its work. */
export async function untilBusy(pid: number, ms: number): Promise<void> {
  const before = readCpuMs(pid);
  while (readCpuMs(pid) - before < ms) await setTimeout(TICK_MS);
}
