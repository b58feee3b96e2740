import { hash } from 'node:crypto';
import { SaxesParser } from 'saxes';
import type { Reply } from './ask.js';

/** Patterns of a stack trace, a thrown error's own words or a file of ours in an answer. */
const LEAK =
  /\n\s+at |node_modules|\/src\/|\/dist\/|\.[tj]sx?:\d+|(?:Type|Range|Syntax|URI|Sqlite)Error|\[object Object\]/;

function complaintOfXml(text: string): string | undefined {
  const parser = new SaxesParser();
  let complaint: string | undefined;
  parser.on('error', (error) => (complaint ??= error.message));
  parser.write(text).close();
  return complaint;
}

/** Whether a text is one well-formed XML document. */
export const isWellFormed = (text: string): boolean => complaintOfXml(text) === undefined;

function complaintOfBody({ headers, text }: Reply): string | undefined {
  const type = headers['content-type'] ?? '';
  if (/[/+]json/.test(type)) {
    try {
      JSON.parse(text);
      return undefined;
    } catch {
      return 'JSON that does not parse';
    }
  }
  if (/[/+]xml/.test(type)) return complaintOfXml(text);
  if (type.startsWith('text/html')) return text.startsWith('<!DOCTYPE html>') ? undefined : 'HTML that is no document';
  if (type.startsWith('application/javascript'))
    return /^[\w$.]+\(\{[^]*\}\);$/.test(text) ? undefined : 'a script that is no call';
  return type === '' ? 'no media type' : undefined;
}

/** A large page that is the same whatever its address says is looked at once. */
const sound = new Set<string>();

function complaintOfText(reply: Reply): string | undefined {
  const key = hash('sha1', `${reply.headers['content-type'] ?? ''} ${reply.text}`);
  if (sound.has(key)) return undefined;
  const leak = LEAK.exec(reply.text);
  const complaint = leak ? `a leak: ${leak[0].trim()}` : complaintOfBody(reply);
  if (complaint === undefined) sound.add(key);
  return complaint;
}

/** Fault of an answer, whatever the request: a server error, a stack, a broken document. Undefined where all is well. */
export function complaintOf(reply: Reply): string | undefined {
  if (reply.status >= 500) return `status ${reply.status}`;
  if (reply.headers['set-cookie'] !== undefined) return 'an injected header';
  return reply.text === '' ? undefined : complaintOfText(reply);
}

/** The format of an error, told by its body and not by its header. */
export function formatOf({ text }: Reply): 'operation-outcome' | 'json' | 'jsonp' | 'xml' | 'html' | 'other' {
  if (text.startsWith('<!DOCTYPE html>')) return 'html';
  if (text.startsWith('<?xml')) return isWellFormed(text) ? 'xml' : 'other';
  if (/^[\w$.]+\(\{/.test(text)) return 'jsonp';
  try {
    const body = JSON.parse(text) as { resourceType?: string };
    return body.resourceType === 'OperationOutcome' ? 'operation-outcome' : 'json';
  } catch {
    return 'other';
  }
}
