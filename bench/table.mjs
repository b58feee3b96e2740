/** The figures of `bench/protocols.mjs` as docs/performance.md quotes them. */
import { PROTOCOLS } from './requests.mjs';

const pad = (rows) => {
  const widths = rows[0].map((_cell, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(rows[0]), line(widths.map((width) => '-'.repeat(width))), ...rows.slice(1).map(line)].join('\n');
};

const milliseconds = (ms) => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0));
const thousands = (number) => Math.round(number).toLocaleString('en-US');

/** Requests a second, the 99th percentile of their time, CPU time of one. */
const tell = (cell) =>
  cell ? `${thousands(cell.rate)}/s · ${milliseconds(cell.p99)} ms · ${Math.round(cell.cpuMicrosARequest)} µs` : '–';
/** Requests a second, half of them within, 99 of 100 within. */
const tellTimes = (cell) =>
  cell ? `${thousands(cell.rate)}/s · ${milliseconds(cell.p50)} · ${milliseconds(cell.p99)} ms` : '–';

/** How two setups compare, over all protocols. */
const tellRatio = ({ title, ratio, lowest, highest, aim, most }) => [
  title,
  `${ratio.toFixed(2)} (${lowest.toFixed(2)} to ${highest.toFixed(2)})`,
  aim === undefined ? `at most ${most}` : `at least ${aim}`,
];

/**
 * Three tables in Markdown, what start and import take, and the machine.
 * @param figures what the part `protocols` answered
 */
export function toTable({ prepared, cells, memory, at, comparisons }, machine) {
  const ofOne = cells.filter((cell) => cell.processes === 1);
  const connections = [...new Set(ofOne.map((cell) => cell.connections))].sort((a, b) => a - b);
  const find = (protocol, database, kept, processes, count) =>
    cells.find(
      (cell) =>
        cell.protocol === protocol &&
        cell.database === database &&
        cell.kept === kept &&
        cell.processes === processes &&
        cell.connections === count,
    );
  const perProtocol = (columns) =>
    PROTOCOLS.flatMap(({ name }) =>
      Object.keys(prepared).map((database) => [
        `${name}, ${database}`,
        ...columns((...cell) => find(name, database, ...cell)),
      ]),
    );
  const perProcesses = perProtocol((cell) =>
    [true, false].flatMap((kept) => [1, 2].map((processes) => tell(cell(kept, processes, at)))),
  );
  const perConnections = perProtocol((cell) => connections.map((count) => tellTimes(cell(false, 1, count))));
  const started = Object.entries(prepared).map(([database, one]) => [
    database,
    `${one.firstStartMs} ms`,
    `${one.startMs} ms`,
    `${(one.importMs / 1000).toFixed(1)} s, ${Math.round(one.importMegabytes)} MB`,
    `${Math.round(one.megabytesAtStart)} MB`,
    memory
      .filter((held) => held.database === database)
      .map(({ kept, megabytes }) => `${Math.round(megabytes)} MB ${kept ? 'cached' : 'computed'}`)
      .join(', '),
  ]);
  return [
    `Measured on ${machine}, load from the same machine.`,
    `At ${at} connections: requests a second · 99 of 100 within · CPU time of a request.`,
    pad([['protocol', 'cached', 'cached, 2 processes', 'computed', 'computed, 2 processes'], ...perProcesses]),
    'Computed, by connections: requests a second · half of them, 99 of 100 within.',
    pad([['protocol', ...connections.map(String)], ...perConnections]),
    `Compared at ${at} connections: the median of the protocols, the least and the most.`,
    pad([['compared', 'ratio', 'aim'], ...comparisons.flatMap(({ ratios }) => ratios.map(tellRatio))]),
    'Start-up and memory of a server, and an import of the whole ICD-10-CM.',
    pad([
      ['database', 'first start, builds', 'start', 'import', 'memory at start', 'memory after the load above'],
      ...started,
    ]),
  ].join('\n\n');
}
