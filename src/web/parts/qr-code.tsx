import { drawQr } from '../../handout/qr.js';

/**
 * An address as a QR code for a phone's camera: dark on white whatever the page's colours are, without which many cameras do
 * not see it.
 */
export function QrCode({ address, label }: { address: string; label: string }) {
  const { size, path } = drawQr(address);
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <path fill="#fff" d={`M0 0h${size}v${size}H0z`} />
      <path fill="#000" d={path} />
    </svg>
  );
}
