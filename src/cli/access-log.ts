import { splitAddress } from '../edge/read-request.js';
import type { InputFile } from '../import/import-source.js';
import { readText } from '../import/read-text.js';

/** MedlinePlus Connect's addresses, the older ones too; its service and its application. */
const PATH = /^\/(?:(service)|application|(?:medlineplus\/services\/)?mpconnect(_service)?\.cfm)\/?$/i;
/** Most lines of a log are about something else: they are looked at no further. */
const MAY_BE_OURS = /\/(?:service|application|(?:medlineplus\/services\/)?mpconnect)/i;

/** Apache's and nginx's common and combined formats, with whatever stands before: `… "GET /service?… HTTP/1.1" 200 …`. */
const SERVER_LINE = /"([A-Z]+) ((?:[^"\\]|\\.)*)"/;
/** Squid's native format: `time elapsed client code/status bytes method address …`. */
const SQUID_LINE = /^\d+\.\d+ +\d+ \S+ [A-Z_]+\/\d+ \d+ ([A-Z]+) (\S+)/;
/** An address alone. */
const BARE_LINE = /^(?:https?:\/\/|\/)\S*$/i;
const PROTOCOL = / HTTP\/\d(?:\.\d)?$/;

/** Longer than any line that is worth reading: an address we answer has 8,192 characters at most. */
const MAX_LINE_CHARS = 100_000;

/** A request to MedlinePlus Connect, as a log has it. */
export interface LoggedRequest {
  readonly isService: boolean;
  /** Path and query. */
  readonly address: string;
  readonly query: string;
}

/** What a server escapes in a quoted request line (`\"`, `\x22`), as it was sent. */
function unescape(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{2})|(.))/gi, (_written, hex: string | undefined, mark: string) =>
    hex === undefined ? mark : `%${hex}`,
  );
}

/** Method and address of a line; undefined where it is in no format we know. */
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
 * @returns the request; `unread` for a line that names our paths in a format we do not know; undefined for all else
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
 * Reads the lines of a log in portions; the last one may have no end, since a server may be writing it.
 * @throws ImportError where it cannot be read to its end
 */
export async function* readLogLines(file: InputFile): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const text of readText(file, { isLenient: true })) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    // What never ends is no line of a log: its beginning is enough to say so.
    if (rest.length > MAX_LINE_CHARS) rest = rest.slice(0, MAX_LINE_CHARS);
    yield lines;
  }
  if (rest !== '') yield [rest];
}
