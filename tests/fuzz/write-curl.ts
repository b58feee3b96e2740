import { writeFileSync } from 'node:fs';
import type { FuzzRequest } from './make-request.js';

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A line for a shell that makes a request again; what it sends as its body is written to a file. */
export function writeCurl({ method, path, headers, body, bytes }: FuzzRequest, url: string, file: string): string {
  const sent = bytes ?? body;
  if (sent) writeFileSync(file, sent);
  if (bytes) return `nc -N ${url.replace('http://', '').replace(':', ' ')} < ${file}`;
  const names = headers.flatMap((name, index) =>
    index % 2 === 0 ? [`-H ${quote(`${name}: ${headers[index + 1] ?? ''}`)}`] : [],
  );
  const data = body ? [`--data-binary @${file}`] : [];
  const how = method === 'HEAD' ? '-I' : `-i -X ${method}`;
  return ['curl --path-as-is -g', how, quote(`${url}${path}`), ...names, ...data].join(' ');
}
