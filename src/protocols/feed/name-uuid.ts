import { hash } from 'node:crypto';

/** A name-based UUID (RFC 9562, version 5) of a text: the same text has the same UUID for good. */
export function createNameUuid(text: string): string {
  const digits = hash('sha1', text);
  const variant = ((parseInt(digits.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-5${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}
