import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { escapeHtml } from '../../src/core/escape.js';
import { element, type Element, renderXml } from '../../src/protocols/feed/atom.js';
import { readParameters } from '../../src/protocols/infobutton/parameters.js';
import { anyText } from '../support/any-text.js';

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
