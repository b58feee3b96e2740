import { splitAddress } from '../../edge/read-request.js';
import type { InputFile } from '../../import/import-source.js';
import { readText } from '../../import/read/read-text.js';

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
export interface LoggedRequest {
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
export async function* readLogLines(file: InputFile): AsyncGenerator<readonly string[]> {
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
