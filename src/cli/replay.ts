import type { Config } from '../config/config.js';
import { RequestedCodes } from '../core/evaluation/requested-codes.js';
import { RequestError, type ErrorCode } from '../core/errors.js';
import { readPairs, splitAddress } from '../edge/read-request.js';
import { ImportError, type InputFile } from '../import/import-source.js';
import { openInput } from '../import/read/input-files.js';
import { LIMITS } from '../limits.js';
import { Progress } from './reports/progress.js';
import { readParameters } from '../protocols/infobutton/parameters.js';
import { parseRequest, readCodings } from '../protocols/infobutton/parse.js';
import { chooseResponseType, readCallback } from '../protocols/infobutton/formats.js';
import { reportCoverage, type CoverageOptions } from './reports/write-coverage.js';
import { CommandEnd, command, type Out, type Streams } from './reports/command.js';
import { readText } from '../import/read/read-text.js';

/** MedlinePlus Connect's addresses, including older ones; its service and its application. */
const PATH = /^\/(?:(service)|application|(?:medlineplus\/services\/)?mpconnect(_service)?\.cfm)\/?$/i;
/** Cheap test first: most lines of a log are for other addresses. */
const MAY_BE_OURS = /\/(?:service|application|(?:medlineplus\/services\/)?mpconnect)/i;

/** Apache's and nginx's common and combined formats, with any prefix: `… "GET /service?… HTTP/1.1" 200 …`. */
const SERVER_LINE = /(?<!\\)"([A-Z]+) ((?:[^"\\]|\\.)*)"/;
/** Squid's native format: `time elapsed client code/status bytes method address …`. */
const SQUID_LINE = /^\d+\.\d+ +\d+ \S+ [A-Z_]+\/\d+ \d+ ([A-Z]+) (\S+)/;
/** Only an address. */
const BARE_LINE = /^(?:https?:\/\/|\/)\S*$/i;
const PROTOCOL = / HTTP\/\d(?:\.\d)?$/;

/** Longer than any useful line: an address that we answer has at most 8,192 characters. */
const MAX_LINE_CHARS = 100_000;

/** A request to MedlinePlus Connect in a log. */
interface LoggedRequest {
  readonly isService: boolean;
  /** Path and query. */
  readonly address: string;
  readonly query: string;
}

/** Reverses a server's escapes in a quoted request line (`\"`, `\x22`). */
function unescape(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{2})|(.))/gi, (_written, hex: string | undefined, mark: string) =>
    hex === undefined ? mark : `%${hex}`,
  );
}

/** Method and address of a line; undefined if its format is unknown. */
function readRequest(line: string): { method: string; address: string } | undefined {
  const [, squidMethod, squidAddress] = SQUID_LINE.exec(line) ?? [];
  if (squidMethod && squidAddress) return { method: squidMethod, address: squidAddress };
  const [, method, quoted] = SERVER_LINE.exec(line) ?? [];
  if (method && quoted !== undefined) return { method, address: unescape(quoted).replace(PROTOCOL, '') };
  const bare = line.trim();
  return BARE_LINE.test(bare) ? { method: 'GET', address: bare } : undefined;
}

/**
 * Reads one line of a web server's or a proxy's log.
 * @returns the request; `unread` for a line with one of our paths in an unknown format; undefined for all others
 */
export function readLogLine(line: string): LoggedRequest | 'unread' | undefined {
  if (!MAY_BE_OURS.test(line)) return undefined;
  const request = readRequest(line);
  if (!request) return 'unread';
  const { path, query } = splitAddress(request.address);
  const [found, service, olderService] = PATH.exec(path) ?? [];
  if (found === undefined || request.method !== 'GET') return undefined;
  return { isService: (service ?? olderService) !== undefined, address: `${path}?${query}`, query };
}

/**
 * Reads the lines of a log in portions; the last one may lack its line end, since a server may be writing it.
 * @throws ImportError if it cannot be read to its end
 */
async function* readLogLines(file: InputFile): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const text of readText(file, { isLenient: true })) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    // Truncates a line that is too long for a log.
    if (rest.length > MAX_LINE_CHARS) rest = rest.slice(0, MAX_LINE_CHARS);
    yield lines;
  }
  if (rest !== '') yield [rest];
}

/**
 * Counts of a log's requests. Codes, code systems and languages are stored, and a drug's name if the answer depends on
 * it; nothing else of a request.
 */
class ReplayTally {
  readonly #maxArticles: number;
  readonly requested = new RequestedCodes(false);
  readonly errors = new Map<ErrorCode, number>();
  lines = 0;
  requests = 0;
  /** Calls of the search box, and other applications' addresses with a similar path. */
  withoutQuestion = 0;
  unread = 0;

  constructor(maxArticles: number) {
    this.#maxArticles = maxArticles;
  }

  addLine(line: string): void {
    this.lines += 1;
    const request = readLogLine(line);
    if (request === 'unread') this.unread += 1;
    else if (request) this.#add(request);
  }

  #add(request: LoggedRequest): void {
    this.requests += 1;
    try {
      this.#addCodes(request);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (error.code === 'missing-search-criteria') this.withoutQuestion += 1;
      else this.#addError(error.code);
    }
  }

  #addError(code: ErrorCode): void {
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }

  /** @throws RequestError as the server would answer */
  #addCodes({ isService, address, query }: LoggedRequest): void {
    if (address.length > LIMITS.maxAddressChars) throw new RequestError('address-too-long');
    const parameters = readPairs(query);
    if (parameters.length > LIMITS.maxParameters) throw new RequestError('too-many-parameters');
    const sent = readParameters(parameters);
    if (isService && chooseResponseType(sent, undefined, 'medlineplus') === 'jsonp')
      readCallback(sent, LIMITS.maxCallbackChars);
    // Only a title: it fills the application's search box.
    if (!isService && readCodings(sent).every(({ code, systemSent }) => code === '' && systemSent === ''))
      throw new RequestError('missing-search-criteria');
    const { request } = parseRequest(sent, { maxCriteria: LIMITS.maxCriteria, maxArticles: this.#maxArticles });
    for (const coding of request.criteria.flatMap(({ codings }) => codings)) {
      const { system } = coding;
      if (system) this.requested.add({ ...coding, system }, 1, [request.context.language]);
      else this.#addError('unknown-code-system');
    }
  }
}

async function readLogs(logs: readonly string[], tally: ReplayTally, stderr: Out): Promise<void> {
  const progress = new Progress('replay', stderr, () => performance.now());
  try {
    for (const log of logs) {
      const input = await openInput(log, progress);
      try {
        for (const file of input.files) {
          for await (const lines of readLogLines(file)) {
            for (const line of lines) tally.addLine(line);
            progress.rows(lines.length);
          }
        }
      } finally {
        input.close();
      }
    }
  } finally {
    progress.end();
  }
}

function toText({ lines, requests, withoutQuestion: askingNothing, unread, errors }: ReplayTally): string {
  const total = [...errors.values()].reduce((sum, count) => sum + count, 0);
  const list = [...errors].sort((a, b) => b[1] - a[1]).map(([code, count]) => `${code} ${count}`);
  return [
    `${lines} lines, ${requests} of them requests to MedlinePlus Connect`,
    ...(askingNothing > 0 ? [`  without a question, such as the search box: ${askingNothing}`] : []),
    ...(total > 0 ? [`  errors: ${total} (${list.join(', ')})`] : []),
    ...(unread > 0 ? [`  lines with its addresses in an unknown format: ${unread}`] : []),
    '',
    '',
  ].join('\n');
}

/**
 * Answers the requests to MedlinePlus Connect's addresses in a log, and reports the coverage. The report contains only
 * possible codes and code systems, and no patient data.
 * @returns exit code: 0; 1 if a log cannot be read or has no such request; 2 for wrong use
 */
export const replay = command(
  async (config: Config, logs: readonly string[], options: CoverageOptions, { stdout, stderr }: Streams) => {
    const tally = new ReplayTally(config.maxArticles);
    await readLogs(logs, tally, stderr);
    const { lines, requests, withoutQuestion: askingNothing, unread, errors } = tally;
    if (requests === 0)
      throw new CommandEnd(`replay: none of ${lines} lines is a request to MedlinePlus Connect in a known format`);
    await reportCoverage(config, tally.requested.list(), options, stdout, {
      text: toText(tally),
      json: { log: { lines, requests, askingNothing, unread, errors: Object.fromEntries(errors) } },
    });
    return 0;
  },
  (error) => (error instanceof ImportError ? `replay: ${error.message}` : undefined),
);
