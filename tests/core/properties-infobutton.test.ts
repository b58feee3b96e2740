import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { escapeHtml } from '../../src/core/escape.js';
import { normalizeQuery as normalize } from '../../src/edge/answers/answer-cache.js';
import { element } from '../../src/protocols/feed/element.js';
import type { Element } from '../../src/protocols/feed/element.js';
import type { Parameters } from '../../src/protocols/route.js';
import { readParameters } from '../../src/protocols/infobutton/parameters.js';
import { renderXml } from '../../src/protocols/feed/render-xml.js';
import { anyText } from '../support/any-text.js';

/** As the infobutton routes have it: names in any case. */
const normalizeQuery = (path: string, sent: Parameters): string => normalize(path, sent, true);

describe('parameters of a query', () => {
  const name = fc.constantFrom(
    'mainSearchCriteria.v.c',
    'mainSearchCriteria.v.c1',
    'mainSearchCriteria.c.c',
    'MAINSEARCHCRITERIA.V.CS',
    'age.v.v',
    'age.v.u',
    'performer',
    'callback',
  );
  const value = fc.oneof(fc.constant(''), fc.string({ unit: 'binary', maxLength: 8 }));
  const pairs = fc.array(fc.tuple(name, value), { maxLength: 10 });
  test('count alike in any case, with or without empty ones', () => {
    fc.assert(
      fc.property(pairs, (sent) => {
        const normalized = normalizeQuery('/service', sent);
        expect(
          normalizeQuery(
            '/service',
            sent.map(([key, text]) => [key.toUpperCase(), text]),
          ),
        ).toBe(normalized);
        expect(normalizeQuery('/service', [['explain', ''], ...sent])).toBe(normalized);
      }),
    );
  });

  test('of different names may stand in any order', () => {
    const distinct = fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key.toLowerCase() });
    const shuffled = distinct.chain((sent) =>
      fc.tuple(fc.constant(sent), fc.shuffledSubarray(sent, { minLength: sent.length })),
    );
    fc.assert(
      fc.property(shuffled, ([sent, other]) => {
        expect(normalizeQuery('/service', other)).toBe(normalizeQuery('/service', sent));
      }),
    );
  });

  test('once normalised are normalised', () => {
    fc.assert(
      fc.property(pairs, (sent) => {
        const normalized = normalizeQuery('/service', sent);
        const again = [...new URLSearchParams(normalized.slice('/service?'.length).replaceAll('+', '%2B'))];
        expect(normalizeQuery('/service', again)).toBe(normalized);
      }),
    );
  });

  test('that differ in a value or a path never count alike', () => {
    fc.assert(
      fc.property(pairs, name, value, value, (sent, key, one, other) => {
        const rest = sent.filter(([sentName]) => sentName.toLowerCase() !== key.toLowerCase());
        const same =
          normalizeQuery('/service', [...rest, [key, one]]) === normalizeQuery('/service', [...rest, [key, other]]);
        expect(same).toBe(one === other);
        expect(normalizeQuery('/infobutton', sent)).not.toBe(normalizeQuery('/service', sent));
      }),
    );
  });

  test('are read without an error, whatever they are', () => {
    const anyName = fc.oneof(name, anyText, fc.constantFrom('__proto__', 'constructor', 'toString', ''));
    fc.assert(
      fc.property(fc.array(fc.tuple(anyName, anyText)), (sent) => {
        const read = readParameters(sent);
        const numbers = read.numbers(['mainSearchCriteria.v.c', 'mainSearchCriteria.v.cs']);
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        for (const number of numbers) {
          const values = [read.at('mainSearchCriteria.v.c', number), read.at('mainSearchCriteria.v.cs', number)];
          expect(values.join('').trim()).not.toBe('');
        }
        expect(typeof read.first('age.v.v')).toBe('string');
      }),
    );
  });

  test('are found whatever their case and whatever stands around them', () => {
    const noise = fc.array(fc.tuple(fc.constantFrom('x', 'holder.assignedEntity.n', 'age.v.x'), anyText));
    const text = fc.string({ minLength: 1 }).filter((sent) => sent.trim() !== '');
    fc.assert(
      fc.property(noise, text, fc.boolean(), (around, sent, upper) => {
        const key = upper ? 'AGE.V.V' : 'age.v.v';
        expect(readParameters([...around, [key, ''], [key, sent], ...around]).first('age.v.v')).toBe(sent);
      }),
    );
  });
});

describe('what is written', () => {
  /** The characters that a text loses on its way through XML: those that XML cannot hold become the replacement mark. */
  const asXmlReads = (text: string, attribute: boolean): string => {
    const held = Array.from(text)
      .map((mark) => (/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd]$|^[\u{10000}-\u{10ffff}]$/u.test(mark) ? mark : '\ufffd'))
      .join('');
    return attribute ? held : held.replace(/\r\n?/g, '\n');
  };

  const leaf = fc.record({ text: anyText, term: anyText });

  test('is well-formed XML whatever the texts are, and reads as it was meant', () => {
    fc.assert(
      fc.property(fc.array(leaf), (leaves) => {
        const children: Element[] = leaves.map(({ text, term }) => element('category', text, { term }));
        const xml = renderXml(element('feed', children, { xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': 'en' }));
        const read: { text: string; term: string }[] = [];
        let open: { text: string; term: string } | undefined;
        const parser = new SaxesParser({ xmlns: true });
        parser.on('error', (error) => {
          throw error;
        });
        parser.on('opentag', ({ name, attributes }) => {
          if (name !== 'category') return;
          open = { text: '', term: attributes['term']?.value ?? '' };
          read.push(open);
        });
        parser.on('text', (text) => {
          if (open) open.text += text;
        });
        parser.on('closetag', () => {
          open = undefined;
        });
        parser.write(xml).close();
        expect(read).toEqual(
          leaves.map(({ text, term }) => ({ text: asXmlReads(text, false), term: asXmlReads(term, true) })),
        );
      }),
    );
  });

  test('as HTML holds no mark of its own', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
      }),
    );
  });
});
