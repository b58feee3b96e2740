import { expect, test } from '@jest/globals';
import { growthOf, MOST_GROWTH } from '../../support/growth.js';
import { findNarrativeFault } from '../../../src/protocols/fhir/writing/check-narrative.js';

const faultOf = (words: string, attributes = ''): string | undefined =>
  findNarrativeFault(`<div xmlns="http://www.w3.org/1999/xhtml"${attributes}>${words}</div>`);

test.each([
  '<p>Plan</p>',
  '<h2 class="a" style="color: rgb(1, 2, 3); text-align: left">Plan</h2><br/><hr/>',
  '<table border="1"><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td colspan="2">B</td></tr></tbody></table>',
  '<a href="https://clinic.example/a?b=1">a</a> <a href="#part">b</a> <a name="part">c</a> <a href="mailto:a@b.example">d</a>',
  '<a href="page.html">relative</a><a href="tel:911">911</a>',
  '<img src="#logo" alt="x"/>',
  '<img src="data:image/png;base64,AAAA" alt="x"/><img src="https://clinic.example/a.png" alt="x"/>',
  'a &lt;script&gt; in words &#160;<!-- a comment -->',
  '<p xml:lang="es" lang="es" xml:space="preserve">Plan</p>',
])('allowed: %s', (words) => {
  expect(faultOf(words, ' xml:lang="en" lang="en"')).toBeUndefined();
});

test.each([
  ['<script>alert(1)</script>', '<script>'],
  ['<SCRIPT>alert(1)</SCRIPT>', '<SCRIPT>'],
  ['<style>p{}</style>', '<style>'],
  ...[
    'object',
    'embed',
    'form',
    'input',
    'base',
    'head',
    'body',
    'link',
    'meta',
    'iframe',
    'frame',
    'video',
    'svg',
    'font',
  ].map((name): [string, string] => [`<${name}/>`, `<${name}>`]),
  ['<svg xmlns="http://www.w3.org/2000/svg"><a/></svg>', '<svg>'],
  ['<x:p xmlns:x="http://other.example">a</x:p>', '<x:p>'],
  ['<p onclick="a()">a</p>', 'onclick of <p>'],
  ['<img src="x" onerror="a()"/>', 'onerror of <img>'],
  ['<p xmlns:l="http://www.w3.org/1999/xlink" l:href="a">a</p>', 'l:href of <p>'],
  ['<a href="a" target="_blank">a</a>', 'target of <a>'],
  ['<a href="javascript:alert(1)">a</a>', 'href of <a>'],
  ['<a href=" JaVa&#9;Script:alert(1)">a</a>', 'href of <a>'],
  ['<a href="&#127;javascript:alert(1)">a</a>', 'href of <a>'],
  ['<a href="data:text/html;base64,AAAA">a</a>', 'href of <a>'],
  ['<a href="data:image/png;base64,AAAA">a</a>', 'href of <a>'],
  ['<img src="data:image/svg+xml;base64,AAAA" alt=""/>', 'src of <img>'],
  ['<q cite="vbscript:a">a</q>', 'cite of <q>'],
  ['<p style="background: url(https://clinic.example/a.png)">a</p>', 'style of <p>'],
  ['<p style="width: expression(alert(1))">a</p>', 'style of <p>'],
  ['<p style="width: e\\78pression(alert(1))">a</p>', 'style of <p>'],
  ['<p style="width: exp/**/ression(alert(1))">a</p>', 'style of <p>'],
  ['<![CDATA[><script>alert(1)</script>]]>', 'CDATA'],
  ['<!--><script>alert(1)</script>-->a', 'comment'],
  ['<?xml-stylesheet href="a"?>a', 'processing instruction'],
  ['<p> &#160;\n</p>', 'says nothing'],
  ['<b', 'not well-formed'],
  ['<p>'.repeat(100), 'more than 100 levels deep'],
  ['<p>a</p>'.repeat(10_000), 'longer than 65536 characters'],
  [`<p ${'lang="en" '.repeat(2)}/>`, 'not well-formed'],
])('rejected: %s', (words, told) => {
  expect(faultOf(words)).toContain(told);
});

test('of a long name no more is told back than shows which it is', () => {
  expect(faultOf(`<${'x'.repeat(10_000)}/>`)?.length).toBeLessThan(120);
});

test('the root itself is looked at', () => {
  expect(faultOf('a', ' onload="a()"')).toContain('onload of <div>');
  expect(findNarrativeFault('<div>a</div>')).toContain('no well-formed div');
});

const WORST: [string, (chars: number) => string][] = [
  ['paragraphs', (chars) => '<p>a</p>'.repeat(chars / 8)],
  ['elements that are not closed', (chars) => '<p>'.repeat(chars / 3)],
  ['elements that were not opened', (chars) => '</p>'.repeat(chars / 4)],
  ['no tags', (chars) => '<'.repeat(chars)],
  ['unknown entities', (chars) => '&x;'.repeat(chars / 3)],
  ['namespaces', (chars) => '<p xmlns="http://www.w3.org/1999/xhtml">'.repeat(chars / 40)],
];

test.each(WORST)('the work on a narrative of %s grows no faster than its length', async (_name, words) => {
  expect(await growthOf(60_000, (chars) => faultOf(words(chars)))).toBeLessThan(MOST_GROWTH);
});
