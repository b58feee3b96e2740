import { expect, test } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import { encode } from 'uqr';
import { LIMITS } from '../../../src/limits.js';
import { QrCode } from '../../../src/web/parts/qr-code.js';

/** The dark modules of a drawing, as `column,row`. */
function darkModulesOf(address: string): string[] {
  const drawing = renderToString(QrCode({ address, label: 'QR' }));
  const [, path = ''] = /<path fill="#000" d="([^"]*)"/.exec(drawing) ?? [];
  return [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].flatMap(([, x, y, length]) =>
    Array.from({ length: Number(length) }, (_, at) => `${Number(x) + at},${y ?? ''}`),
  );
}

function expectedModulesOf(address: string): string[] {
  const { data } = encode(address, { ecc: 'M', border: 4 });
  return data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`${x},${y}`] : [])));
}

test('each address is drawn as its own code, whether it is kept, new, or was kept and let go', () => {
  const first = 'https://medlineplus.gov/asthma.html';
  const expected = expectedModulesOf(first);
  expect(expected.length).toBeGreaterThan(100);
  expect(darkModulesOf(first)).toEqual(expected);
  expect(darkModulesOf(first)).toEqual(expected);
  for (let n = 0; n <= LIMITS.keptQrCodes; n += 1) darkModulesOf(`https://example.org/${n}`);
  expect(darkModulesOf(first)).toEqual(expected);
  const last = `https://example.org/${LIMITS.keptQrCodes}`;
  expect(darkModulesOf(last)).toEqual(expectedModulesOf(last));
});
