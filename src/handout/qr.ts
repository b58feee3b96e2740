import { LRUCache } from 'lru-cache';
import { encode } from 'uqr';
import { getOrAdd } from '../core/remember.js';
import { LIMITS } from '../limits.js';

/** Empty modules around the code (ISO/IEC 18004). */
const QUIET_ZONE = 4;

/** An SVG path of the dark modules, with neighbours in a row joined. */
function buildPath(rows: readonly (readonly boolean[])[]): string {
  let path = '';
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < row.length;) {
      let end = x;
      while (row[end]) end += 1;
      if (end > x) path += `M${x} ${y}h${end - x}v1H${x}z`;
      x = end + 1;
    }
  }
  return path;
}

/** A QR code as an SVG path, in modules. */
export interface DrawnQr {
  /** Modules per side, including the quiet zone. */
  readonly size: number;
  readonly path: string;
}

/** Cache by address: drawing a code takes longer than the rest of its card. */
const drawn = new LRUCache<string, DrawnQr>({ max: LIMITS.keptQrCodes });

/** Draws an address as a QR code, error correction level M. */
export function drawQr(address: string): DrawnQr {
  return getOrAdd<string, DrawnQr>(drawn, address, () => {
    const { data, size } = encode(address, { ecc: 'M', border: QUIET_ZONE });
    return { size, path: buildPath(data) };
  });
}
