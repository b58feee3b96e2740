import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AGE_GROUPS, ageGroupsOfMonths, ageInMonths } from '../../src/core/answer/age-group.js';
import { hasMod10CheckDigit, hasVerhoeffCheckDigit } from '../../src/core/codes/check-digit.js';
import { CODE_SYSTEMS, findCodeSystem } from '../../src/core/codes/code-systems.js';
import { drugNameCandidates } from '../../src/core/drugs/drug-name.js';
import { LANGUAGES, chooseLanguage } from '../../src/core/model/language.js';
import { detectOtherSystem, normalizeCode, toNdc11, toNdc542 } from '../../src/core/codes/normalize-code.js';
import { anyText } from '../support/any-text.js';
import { MOST_GROWTH, growthOf } from '../support/growth.js';

/** One character of a text. */
const oneOf = (characters: string): fc.Arbitrary<string> => fc.constantFrom(...characters.split(/(?:)/u));
/** Texts near to codes. */
const codeLike = fc.oneof(fc.string({ unit: oneOf('aAnNxXeEvV0123456789.- \t-') }), anyText);
const digits = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: oneOf('0123456789'), minLength: length, maxLength: length });

describe('normalisation', () => {
  test.each(CODE_SYSTEMS.map(({ id }) => [id]))('of %s codes is idempotent and never throws', (system) => {
    fc.assert(
      fc.property(codeLike, (sent) => {
        const code = normalizeCode(system, sent);
        if (code === undefined) return;
        expect(code).not.toBe('');
        expect(normalizeCode(system, code)).toBe(code);
        expect(normalizeCode(system, ` ${code.toLowerCase()} `)).toBe(code);
      }),
    );
  });

  test('of an ICD-10-CM code finds its dot wherever it was lost', () => {
    const category = fc.stringMatching(/^[A-Z][0-9][0-9AB]$/);
    fc.assert(
      fc.property(category, fc.stringMatching(/^[0-9A-WYZ][0-9A-Z]{0,3}$/), (head, tail) => {
        const code = `${head}.${tail}`;
        expect(normalizeCode('icd-10-cm', code)).toBe(code);
        expect(normalizeCode('icd-10-cm', head + tail)).toBe(code);
      }),
    );
  });

  test('never hints at the system that the code was sent under, nor for a code that is possible there', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CODE_SYSTEMS.map(({ id }) => id)), codeLike, (system, sent) => {
        const hint = detectOtherSystem(system, sent);
        expect(hint).not.toBe(system);
        if (normalizeCode(system, sent) !== undefined) expect(hint).toBeUndefined();
        else if (hint) expect(normalizeCode(hint, sent)).toBeDefined();
      }),
    );
  });

  test('of code systems and languages never throws', () => {
    fc.assert(
      fc.property(anyText, (sent) => {
        findCodeSystem(sent);
        expect([...LANGUAGES, undefined]).toContain(chooseLanguage(sent));
      }),
    );
  });

  test('of an NDC keeps its eleven digits through 5-4-2', () => {
    fc.assert(
      fc.property(digits(11), (ndc) => {
        expect(toNdc542(ndc)).toMatch(/^\d{5}-\d{4}-\d{2}$/);
        expect(toNdc11(toNdc542(ndc))).toBe(ndc);
      }),
    );
  });

  test.each([
    [4, 4, 2],
    [5, 3, 2],
    [5, 4, 1],
  ])('of an NDC of %d-%d-%d pads the part that is short', (...lengths) => {
    fc.assert(
      fc.property(fc.tuple(...lengths.map(digits)), (parts) => {
        const [labeler, product, pack] = parts.map(Number);
        const padded = toNdc542(toNdc11(parts.join('-')) ?? '');
        expect(padded.split('-').map(Number)).toEqual([labeler, product, pack]);
      }),
    );
  });
});

describe('check digits', () => {
  const withDigit = (number: string, check: number): string => `${number}${check}`;
  const change = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 9 }));
  const changed = (code: string, [place, by]: readonly [number, number]): string => {
    const at = place % code.length;
    return `${code.slice(0, at)}${(Number(code[at]) + by) % 10}${code.slice(at + 1)}`;
  };

  test.each<readonly [string, number, (code: string) => boolean]>([
    ['Verhoeff', 17, hasVerhoeffCheckDigit],
    ['modulus 10', 7, (code) => hasMod10CheckDigit(code.slice(0, -1), code.slice(-1))],
  ])('%s: each number has exactly one, and every change of a single digit is noticed', (_name, longest, isRight) => {
    const number = fc.string({ unit: oneOf('0123456789'), minLength: 1, maxLength: longest });
    fc.assert(
      fc.property(number, change, (body, where) => {
        const right = [...Array(10).keys()].map((check) => withDigit(body, check)).filter(isRight);
        expect(right).toHaveLength(1);
        expect(isRight(changed(right[0] ?? '', where))).toBe(false);
      }),
    );
  });
});

describe('ages', () => {
  test('every age lies in a group, and in at most two', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1560, noNaN: true }), (months) => {
        const groups = ageGroupsOfMonths(months);
        expect(groups.length).toBeGreaterThanOrEqual(1);
        expect(groups.length).toBeLessThanOrEqual(2);
      }),
    );
  });

  test('each group begins where another ends', () => {
    const ends = new Set(AGE_GROUPS.map(({ toMonths }) => toMonths));
    const begins = AGE_GROUPS.map(({ fromMonths }) => fromMonths).filter((from) => from !== 0 && from !== 960);
    for (const begin of begins) expect(ends).toContain(begin);
  });

  test('an older age never lies in a younger group', () => {
    const age = fc.integer({ min: 0, max: 1560 });
    const youngest = (months: number): number =>
      AGE_GROUPS.findIndex(({ group }) => ageGroupsOfMonths(months)[0] === group);
    fc.assert(
      fc.property(age, age, (a, b) => {
        expect(youngest(Math.min(a, b))).toBeLessThanOrEqual(youngest(Math.max(a, b)));
      }),
    );
  });

  test('any value and unit give an age of a human being or none', () => {
    fc.assert(
      fc.property(
        fc.oneof(codeLike, fc.nat().map(String)),
        fc.oneof(anyText, fc.constantFrom('a', 'mo', 'wk', 'd', 'h', 'min')),
        (value, unit) => {
          const months = ageInMonths(value, unit);
          if (months === undefined) return;
          expect(months).toBeGreaterThanOrEqual(0);
          expect(months).toBeLessThanOrEqual(1560);
        },
      ),
    );
  });
});

describe('drug names', () => {
  test('are read from any display without an error, and none is empty or untidy', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: oneOf('ab15 /-+[](),.%®é') })), (display) => {
        const names = drugNameCandidates(display);
        expect(names.length).toBeLessThanOrEqual(14);
        for (const name of names) {
          expect(name).not.toBe('');
          expect(name).toBe(name.trim());
          expect(name.length).toBeLessThanOrEqual(350);
        }
      }),
    );
  });

  /** Size of a posted form: it is read in a time that grows with its length, and does not stop the server. */
  const FORM_CHARS = 65_536;

  test.each(['[', ']', '[a', '1', '1,', '1.1 ', '1 mg/', 'a/', '(', ' ', '-', 'é', 'inhal', ' and '])(
    'a form full of %j does not stop the server',
    async (unit) => {
      const growth = await growthOf(FORM_CHARS, (chars) =>
        drugNameCandidates(unit.repeat(Math.ceil(chars / unit.length))),
      );
      expect(growth).toBeLessThan(MOST_GROWTH);
    },
  );
});
