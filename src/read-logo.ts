import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Logo } from './core/model/department.js';

/** The media type of a picture, by its first bytes; an SVG by its element. */
function detectPictureType(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return 'image/png';
  if (bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'))) return 'image/jpeg';
  return /<svg[\s>]/.test(bytes.toString('utf8', 0, 4096)) ? 'image/svg+xml' : undefined;
}

/** Reads a picture from a file, or returns the requirement that it does not meet. */
export function readLogo(file: string, maxBytes: number): Logo | string {
  if (!existsSync(file) || !statSync(file).isFile()) return `an existing file: ${file}`;
  if (statSync(file).size > maxBytes) return `a file of at most ${maxBytes} bytes`;
  const bytes = readFileSync(file);
  const contentType = detectPictureType(bytes);
  return contentType === undefined ? 'a PNG, JPEG or SVG picture' : { contentType, bytes };
}
