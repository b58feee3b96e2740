import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HouseTexts } from '../../src/handout/house-texts.js';
import { LIMITS } from '../../src/limits.js';
import { temporaryFolder } from '../support/connector.js';

const folder = temporaryFolder();
const place = join(folder.path, 'handouts');
const texts = new HouseTexts(place);

function write(name: string, content: string, changedAt = new Date('2026-03-04T05:06:07Z')): void {
  writeFileSync(join(place, name), content);
  utimesSync(join(place, name), changedAt, changedAt);
}

beforeAll(() => {
  mkdirSync(place, { recursive: true });
  writeFileSync(join(folder.path, 'secret.html'), '<p>Secret</p>');
});
afterAll(() => {
  folder.remove();
});

test('the body of an HTML handout is its text, without scripts, styles and its title', async () => {
  write(
    'asthma.html',
    '<!DOCTYPE html><html><head><title>T</title><style>p{}</style></head><body onload="x()"><!-- c --><h1>Asthma</h1><p onclick="y()">Use your <b>inhaler</b>.</p><script>z()</script></body></html>',
  );
  expect(await texts.find('handouts/asthma.html')).toEqual({
    html: '<h3>Asthma</h3><p>Use your <b>inhaler</b>.</p>',
    changedOn: '2026-03-04',
  });
  write('asthma.html', '<p>New</p>', new Date('2026-05-06T00:00:00Z'));
  expect(await texts.find('handouts/asthma.html')).toEqual({ html: '<p>New</p>', changedOn: '2026-05-06' });
});

test.each([
  ['a picture', 'picture.html', '<p>Bend so:</p><img src="a.png">'],
  ['a PDF', 'leaflet.pdf', '%PDF-1.7'],
  ['nothing that can be read', 'empty.html', '<body></body>'],
  ['more than is printed', 'long.html', `<p>${'x'.repeat(LIMITS.maxHouseTextBytes)}</p>`],
])('%s is printed by itself', async (_name, file, content) => {
  write(file, content);
  expect(await texts.find(`handouts/${file}`)).toBe('by-itself');
});

test.each(['handouts/none.html', 'handouts/..%2Fsecret.html', 'handouts/../secret.html', 'https://a.example/b.html'])(
  '%s is no text of the house',
  async (url) => {
    expect(await texts.find(url)).toBeUndefined();
  },
);
