import { LIMITS } from '../limits.js';
import type { Logo } from '../read-logo.js';

/** Offset of a PNG's width and height (ISO/IEC 15948, IHDR). */
const PNG_SIZE_AT = 16;

/**
 * A logo that a PDF can contain: a JPEG, or a PNG small enough to be decoded for every handout. Pages show every logo; the
 * PDF shows the hospital's name instead of others.
 */
export function readableLogo(logo: Logo | undefined): Logo | undefined {
  if (logo?.contentType === 'image/jpeg') return logo;
  if (logo?.contentType !== 'image/png' || logo.bytes.length < PNG_SIZE_AT + 8) return undefined;
  const pixels = logo.bytes.readUInt32BE(PNG_SIZE_AT) * logo.bytes.readUInt32BE(PNG_SIZE_AT + 4);
  return pixels <= LIMITS.maxLogoPixels ? logo : undefined;
}
