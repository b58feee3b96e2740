import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LIMITS } from '../../src/limits.js';
import { PolicyError, PolicyFile } from '../../src/build/policy-file.js';
import { readPolicy } from '../../src/build/read-policy.js';
import { temporaryFolder } from '../support/connector.js';

const HEADER = 'rule,what,for,value,note';
const textOf = (...lines: string[]): string => [HEADER, ...lines, ''].join('\n');
const GOOD = textOf('suppress,topic-a,,,');
const BETTER = textOf('suppress,topic-a,,,', 'suppress,topic-b,,,');

describe('a line that cannot be taken is a fault of its own line', () => {
  test.each([
    ['a rule that is none', 'supress,topic-a,,', /line 3.*rule "supress" is not one of/],
    ['no rule', ',topic-a,,', /rule "" is not one of/],
    ['an article by its title', 'suppress,Asthma,,', /"Asthma" is not an article id/],
    ['a suppression for somebody', 'suppress,topic-a,patient,', /for must be empty/],
    ['an unknown sensitivity', 'sensitivity,PSI,patient,hold', /"PSI" is not a sensitivity: HIV/],
    ['an unknown reader', 'sensitivity,PSY,pateint,hold', /"pateint" is not a known reader: everyone/],
    ['a sensitivity for nobody', 'sensitivity,PSY,,hold', /for is empty/],
    [
      'an unknown treatment',
      'sensitivity,PSY,patient,hide',
      /must be show, mark, hold, or with an age, as hold under 18/,
    ],
    ['an age that is no number', 'sensitivity,PSY,patient,hold under x', /must be years, a whole number/],
    ['showing to the young alone', 'sensitivity,PSY,patient,show under 18', /must be show, mark, hold/],
    ['a preference without a place', 'prefer,local-a,topic-a,', /must be before or instead/],
    ['a preference over nothing', 'prefer,local-a,,before', /must be first/],
    ['a preference over itself', 'prefer,local-a,local-a,before', /preferred to itself/],
    ['no pages', 'most pages,,patient,0', /must be pages, a whole number from 1 to 6/],
    ['more pages than there can be', 'most pages,,patient,7', /from 1 to 6/],
    ['an age of no one', 'minimum age,topic-a,,131', /from 1 to 130/],
    ['more cells than columns', 'suppress,topic-a,,,,x', /more cells than columns/],
    ['a quote that is not closed', 'suppress,"topic-a,,', /quote/],
    ['the same twice', 'suppress,topic-z,,', /line 2 already has the same rule/],
  ])('%s', (_what, line, says) => {
    const { faults, policy } = readPolicy(textOf('suppress,topic-z,,', line));
    expect(faults.map(({ line: at, reason }) => `line ${at}: ${reason}`).join('\n')).toMatch(says);
    expect(faults.every((fault) => fault.line === 3)).toBe(true);
    expect(policy.version).toBe('');
  });

  test.each([
    ['other columns', 'rule,what,fro,value\nsuppress,topic-a,,\n', /line must name the columns rule,what,for,value/],
    ['no columns', 'suppress,topic-a,,\n', /must name the columns/],
    ['nothing', '', /must name the columns/],
    ['a file that may be cut short', `${HEADER}\nsuppress,topic-a,,`, /the last line has no line break/],
    ['two that go before each other', textOf('prefer,a,b,before').replaceAll(/\ba\b/g, 'x'), /is not an article id/],
    [
      'one preferred and suppressed',
      textOf('suppress,local-a,,', 'prefer,local-a,topic-a,before'),
      /suppressed in lines/,
    ],
    ['each before the other', textOf('prefer,local-a,local-b,before', 'prefer,local-b,local-a,instead'), /only one/],
  ])('%s', (_what, text, says) => {
    expect(
      readPolicy(text)
        .faults.map(({ reason }) => reason)
        .join('\n'),
    ).toMatch(says);
  });
});

test.each([
  ['a rule', 'suppress,topic-a,,,"old', 'suppress,topic-b,,,', 'suppress,topic-c,,,"'],
  ['a remark', '# off,,,,"', 'suppress,topic-b,,,', '"'],
  ['a cell that is not the note', 'suppress,"topic-a', '",,,'],
])('a cell of several lines, in %s, is a fault: what stands in it may be a rule', (_what, ...lines) => {
  const { faults, policy } = readPolicy(textOf(...lines));
  expect(faults).toEqual([{ line: 2, reason: expect.stringMatching(/line break/) }]);
  expect(policy.version).toBe('');
});

test('a policy that is full of wrong quotes is not read to its end, and says so', () => {
  const lines = Array.from({ length: 150 }, () => 'a"b');
  const { faults } = readPolicy(textOf('suppress,topic-a,,,', ...lines, 'supress,topic-b,,,'));
  expect(faults.map(({ line }) => line)).toEqual(Array.from({ length: 100 }, (_one, index) => index + 3));
  expect(faults.at(-2)?.reason).not.toMatch(/too many/);
  expect(faults.at(-1)?.reason).toMatch(/too many: reading stops here/);
  expect(readPolicy(textOf(...lines.slice(0, 99), 'supress,topic-b,,,')).faults).toHaveLength(100);
});

test('a policy reads as a spreadsheet writes it', () => {
  const text =
    '\uFEFFRule;What;For;Value;Note\r\nSuppress;topic-a;;;old, says Dr. X\r\nMOST PAGES;;PAT;2;\r\n;;;;\r\n# off;topic-b;;;\r\n';
  const { policy, rules, faults } = readPolicy(text);
  expect({ rules, faults }).toEqual({ rules: 2, faults: [] });
  expect([...policy.suppressed]).toEqual(['topic-a']);
  expect(policy.mostPages).toEqual([{ reader: 'patient', pages: 2 }]);
});

test('the version names the rules: neither their order nor what is noted beside them, but all that they say', () => {
  const versionOf = (...lines: string[]): string => readPolicy(textOf(...lines)).policy.version;
  const version = versionOf('suppress,topic-a,,,x', 'most pages,,patient,2,');
  expect(version).toMatch(/^[0-9a-f]{8}$/);
  expect(versionOf('most pages,,patient,2,', '', 'suppress,topic-a,,,y')).toBe(version);
  expect(versionOf('most pages,,patient,3,', 'suppress,topic-a,,,x')).not.toBe(version);
  expect(versionOf()).toBe('');
});

describe('a policy file', () => {
  const folder = { current: temporaryFolder() };
  const path = (): string => join(folder.current.path, 'policy.csv');
  beforeEach(() => {
    folder.current = temporaryFolder();
  });
  afterEach(() => {
    folder.current.remove();
  });
  const open = (text: string): PolicyFile => {
    writeFileSync(path(), text);
    return PolicyFile.open({ path: path(), isOptional: false });
  };
  const suppressedBy = (file: PolicyFile): string[] => [...file.reading.policy.suppressed];

  test('with a fault is not opened, and every fault is told', () => {
    writeFileSync(path(), textOf('suppres,topic-a,,', 'suppress,Asthma,,'));
    const opening = (): unknown => PolicyFile.open({ path: path(), isOptional: false });
    expect(opening).toThrow(PolicyError);
    expect(opening).toThrow(/^policy\.csv, line 2: .* \(and 1 more faults\)$/);
  });

  test('that is named must be there; the one that may be need not', () => {
    expect(() => PolicyFile.open({ path: path(), isOptional: false })).toThrow(/cannot be read \(ENOENT\)/);
    expect(suppressedBy(PolicyFile.open({ path: path(), isOptional: true }))).toEqual([]);
  });

  test('too large is refused', () => {
    writeFileSync(path(), GOOD + '#'.repeat(LIMITS.maxPolicyBytes));
    expect(() => PolicyFile.open({ path: path(), isOptional: false })).toThrow(/larger than/);
  });

  test('is read anew once a change has come to rest', async () => {
    const file = open(GOOD);
    expect(await file.look()).toBeUndefined();
    writeFileSync(path(), BETTER);
    expect(await file.look()).toBeUndefined();
    expect(suppressedBy(file)).toEqual(['topic-a']);
    expect(await file.look()).toMatchObject({ kind: 'taken' });
    expect(suppressedBy(file)).toEqual(['topic-a', 'topic-b']);
    expect(await file.look()).toBeUndefined();
  });

  test('that is written while it is looked at is waited for', async () => {
    const file = open(GOOD);
    writeFileSync(path(), `${HEADER}\n`);
    await file.look();
    writeFileSync(path(), BETTER);
    expect(await file.look()).toBeUndefined();
    expect(await file.look()).toMatchObject({ kind: 'taken' });
    expect(suppressedBy(file)).toEqual(['topic-a', 'topic-b']);
  });

  test.each([
    [
      'has a fault',
      () => {
        writeFileSync(path(), textOf('suppres,topic-a,,'));
      },
      /line 2: rule "suppres"/,
    ],
    [
      'is empty',
      () => {
        writeFileSync(path(), '');
      },
      /must name the columns/,
    ],
    [
      'has gone',
      () => {
        rmSync(path());
      },
      /it does not exist any more/,
    ],
  ])('that %s leaves the last good one in force, and is told of once', async (_what, change, says) => {
    const file = open(GOOD);
    change();
    await file.look();
    const news = await file.look();
    expect(news).toMatchObject({ kind: 'refused', lines: [expect.stringMatching(says)] });
    expect(await file.look()).toBeUndefined();
    expect(suppressedBy(file)).toEqual(['topic-a']);
    writeFileSync(path(), BETTER);
    await file.look();
    expect(await file.look()).toMatchObject({ kind: 'taken' });
  });

  test('that is replaced by another of the same length is noticed', async () => {
    const file = open(GOOD);
    writeFileSync(`${path()}.new`, GOOD.replace('topic-a', 'topic-c'));
    renameSync(`${path()}.new`, path());
    await file.look();
    await file.look();
    expect(suppressedBy(file)).toEqual(['topic-c']);
  });

  test("that appears in a site's folder is taken", async () => {
    const file = PolicyFile.open({ path: path(), isOptional: true });
    expect(await file.look()).toBeUndefined();
    expect(await file.look()).toBeUndefined();
    writeFileSync(path(), GOOD);
    await file.look();
    expect(await file.look()).toMatchObject({ kind: 'taken' });
  });
});
