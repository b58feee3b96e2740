import { LRUCache } from 'lru-cache';
import { encode } from 'uqr';
import { LIMITS } from '../limits.js';

/** Empty modules around the code (ISO/IEC 18004). */
const QUIET_ZONE = 4;

/** The dark modules of each row, neighbours as one run. */
function pathOf(rows: readonly (readonly boolean[])[]): string {
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

interface Drawn {
  readonly size: number;
  readonly path: string;
}

/** Codes by address: to make one takes longer than all else of its card. */
const drawn = new LRUCache<string, Drawn>({ max: LIMITS.keptQrCodes });

function draw(address: string): Drawn {
  const known = drawn.get(address);
  if (known) return known;
  const { data, size } = encode(address, { ecc: 'M', border: QUIET_ZONE });
  const made = { size, path: pathOf(data) };
  drawn.set(address, made);
  return made;
}

/**
 * An address as a QR code for a phone's camera, error correction level M: dark on white whatever the page's colours are,
 * without which many cameras do not see it.
 */
export function QrCode({ address, label }: { address: string; label: string }) {
  const { size, path } = draw(address);
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <path fill="#fff" d={`M0 0h${size}v${size}H0z`} />
      <path fill="#000" d={path} />
    </svg>
  );
}
