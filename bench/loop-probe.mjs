/**
 * `node --import` of this in a server tells its parent, when it asks, the longest turn of the event loop since it last asked: CPU time
 * of the process, which a busy machine does not lengthen, and the time by the clock, both in milliseconds.
 */
let used = process.cpuUsage();
let began = performance.now();
let longest = { cpuMs: 0, ms: 0 };

function turn() {
  const { user, system } = process.cpuUsage(used);
  const now = performance.now();
  longest = { cpuMs: Math.max(longest.cpuMs, (user + system) / 1000), ms: Math.max(longest.ms, now - began) };
  used = process.cpuUsage();
  began = now;
  setImmediate(turn).unref();
}
turn();

process.on('message', () => {
  process.send(longest);
  longest = { cpuMs: 0, ms: 0 };
});
process.channel?.unref();
