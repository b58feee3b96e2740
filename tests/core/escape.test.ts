import { expect, test } from '@jest/globals';
import { escapeHtml } from '../../src/core/escape.js';

test.each([
  ['Type 2 diabetes', 'Type 2 diabetes'],
  ['', ''],
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['a & b && c', 'a &amp; b &amp;&amp; c'],
  ['&lt;', '&amp;lt;'],
  ['" onmouseover="x', '&quot; onmouseover=&quot;x'],
  ["' onmouseover='x", '&#39; onmouseover=&#39;x'],
  ['Diarrea en niños', 'Diarrea en niños'],
])('%j is written %s', (text, written) => {
  expect(escapeHtml(text)).toBe(written);
});
