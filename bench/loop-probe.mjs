/**
 * `node --import` of this in a server tells its parent, when it asks, the longest turn of the event loop since it last asked: CPU time
 * of the thread that answers, which a busy machine does not lengthen (Linux; elsewhere of the process, with its compiler and garbage
 * collector), and the time by the clock, both in milliseconds.
 */
import { readFileSync } from 'node:fs';

/** The CPU time of the thread that answers, in milliseconds: proc(5), /proc/pid/schedstat. */
function threadMs() {
  return Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ', 1)[0]) / 1e6;
}

function processMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const cpuMs = process.platform === 'linux' ? threadMs : processMs;
let used = cpuMs();
let began = performance.now();
let longest = { cpuMs: 0, ms: 0 };

function turn() {
  const usedNow = cpuMs();
  const now = performance.now();
  longest = { cpuMs: Math.max(longest.cpuMs, usedNow - used), ms: Math.max(longest.ms, now - began) };
  used = cpuMs();
  began = performance.now();
  setImmediate(turn).unref();
}
// Workers inherit the option: no request waits for their event loop.
if (!/worker\.[jt]s$/.test(process.argv[1] ?? '')) {
  turn();
  process.on('message', () => {
    process.send(longest);
    longest = { cpuMs: 0, ms: 0 };
  });
  process.channel?.unref();
}
