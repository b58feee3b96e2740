import { describe, expect, test } from '@jest/globals';
import type { InputFile } from '../../src/import/import-source.js';
import { readColumns } from '../../src/import/read/read-columns.js';
import { readCsv } from '../../src/import/read/read-csv.js';
import { readLines } from '../../src/import/read/read-lines.js';
import type { TextOptions } from '../../src/import/read/read-text.js';
import { readText } from '../../src/import/read/read-text.js';
import type { XmlEvent } from '../../src/import/read/read-xml.js';
import { readXml } from '../../src/import/read/read-xml.js';
import { fileOf as fileNamed, rejections } from './import-place.js';

/** Every cut between bytes is met: they come three at a time. */
const fileOf = (text: string, chunkBytes = 3): InputFile => fileNamed('file', text, chunkBytes);

async function all<T>(portions: AsyncIterable<readonly T[]>): Promise<T[]> {
  const rows: T[] = [];
  for await (const portion of portions) rows.push(...portion);
  return rows;
}

describe('lines', () => {
  const linesOf = async (text: string, size?: number): Promise<string[]> => {
    const found: string[] = [];
    for await (const { lines, first } of readLines(fileOf(text, size))) {
      for (const [index, line] of lines.entries()) found.push(`${first + index} ${line}`);
    }
    return found;
  };

  test.each([1, 2, 3, 100])('end as they end, wherever the bytes are cut (%i at a time)', async (size) => {
    expect(await linesOf('é\r\nb\n\nd\re\r', size)).toEqual(['1 é', '2 b', '3 ', '4 d', '5 e']);
  });

  test('the last one ends too', async () => {
    await expect(linesOf('a\nb')).rejects.toThrow('file stops in line 2');
    const forced = { ...fileOf('a\nb'), isForced: true };
    const portions = await all(
      (async function* () {
        for await (const { lines } of readLines(forced)) yield lines;
      })(),
    );
    expect(portions).toEqual(['a', 'b']);
  });

  test('blank lines behind the last, and the mark by which DOS ended files, are none', async () => {
    expect(await linesOf('a\n\nb\n\n  \n\x1A', 2)).toEqual(['1 a', '2 ', '3 b']);
  });
});

describe('characters', () => {
  const textOf = async (bytes: Buffer, options: TextOptions = {}): Promise<string> => {
    let text = '';
    for await (const part of readText(fileNamed('file', bytes), options)) text += part;
    return text;
  };
  const latin = Buffer.from('Ménière’s', 'latin1');

  test('bytes that are none are refused, and not taken for others', async () => {
    await expect(textOf(latin)).rejects.toThrow('file is not valid UTF-8: save it as UTF-8');
    await expect(textOf(Buffer.from('é').subarray(0, 1))).rejects.toThrow('is not valid UTF-8');
    expect(await textOf(Buffer.from([0x61, 0xe9, 0x62]), { isLenient: true })).toBe('a\uFFFDb');
  });

  test('a file that may be older is UTF-8 where it can be, else as it used to be', async () => {
    const options = { orElse: 'windows-1252' };
    expect(await textOf(Buffer.from('\uFEFFMénière'), options)).toBe('Ménière');
    expect(await textOf(Buffer.from([0x4d, 0xe9, 0x92]), options)).toBe('Mé’');
  });

  test('byte order marks tell, in either order', async () => {
    const little = Buffer.from('\uFEFFé', 'utf16le');
    expect(await textOf(little)).toBe('é');
    expect(await textOf(Buffer.from(little).swap16())).toBe('é');
  });

  test('an XML document tells its encoding; one that is unknown is refused', async () => {
    const document = (encoding: string): Buffer =>
      Buffer.from(`<?xml version="1.0" encoding="${encoding}"?><a>Niños</a>`, 'latin1');
    expect(await textOf(document('ISO-8859-1'), { isXml: true })).toContain('Niños');
    await expect(textOf(document('utf-8'), { isXml: true })).rejects.toThrow('is not valid UTF-8');
    await expect(textOf(document('x-own'), { isXml: true })).rejects.toThrow('file is encoded in x-own');
  });
});

describe('columns', () => {
  test('a row of another width is rejected', async () => {
    const log = rejections();
    const rows = await all(readColumns(fileOf('a|b|\nc|\nd|e|\n'), { separator: '|', width: 3 }, log));
    expect(rows).toEqual([
      { cells: ['a', 'b', ''], line: 1 },
      { cells: ['d', 'e', ''], line: 3 },
    ]);
    expect(log.rejected).toEqual(['2: 2 columns instead of 3']);
  });

  test('the heading is the one that is due', async () => {
    const layout = { separator: '\t', width: 2, heading: ['id', 'term'] };
    expect(await all(readColumns(fileOf('id\tterm\n1\tx\n'), layout, rejections()))).toEqual([
      { cells: ['1', 'x'], line: 2 },
    ]);
    await expect(all(readColumns(fileOf('id\n1\tx\n'), layout, rejections()))).rejects.toThrow(
      'does not have the expected columns',
    );
    await expect(all(readColumns(fileOf(''), layout, rejections()))).rejects.toThrow('file is empty');
  });
});

describe('CSV', () => {
  test('quoted cells may hold what they like; columns come in any order', async () => {
    const text = '\uFEFFb,a,c\r\n"1, ""one""","x\r\ny",\r\n\r\n2,,z\r\n';
    expect(await all(readCsv(fileOf(text), ['a', 'b'], rejections()))).toEqual([
      { cells: { a: 'x\ny', b: '1, "one"' }, line: 2 },
      { cells: { a: '', b: '2' }, line: 5 },
    ]);
  });

  test('a record whose quotes are wrong costs its own line alone', async () => {
    const log = rejections();
    const lines = ['a,b', '1,"x"y', '2,ok', '3,"open', ...Array.from({ length: 250 }, () => '4,"ok"')];
    const rows = await all(readCsv(fileOf(`${lines.join('\n')}\n`), ['a'], log));
    expect(rows).toHaveLength(251);
    expect(log.rejected.map((text) => text.split(':')[0])).toEqual(['2', '4']);
  });

  test('one near the end as well', async () => {
    const log = rejections();
    const rows = await all(readCsv(fileOf('a,b\n1,"open\n2,ok\n'), ['a'], log));
    expect(rows.map(({ cells }) => cells.a)).toEqual(['2']);
    expect(log.rejected).toHaveLength(1);
  });
});

describe('XML', () => {
  const told = (event: XmlEvent): string => {
    if (event.kind === 'open') return `<${event.path} ${JSON.stringify(event.attributes)}`;
    return event.kind === 'text' ? `${event.path}: ${event.text}` : `>${event.path}`;
  };

  test('comes as events, with text and CDATA between two tags in one', async () => {
    const xml = '<?xml version="1.0"?>\n<a>\n  <b x="1">é &amp; <![CDATA[<p>]]></b><c/>tail</a>\n';
    const events = await all(readXml(fileOf(xml)));
    expect(events.map(told)).toEqual([
      '<a {}',
      '<a/b {"x":"1"}',
      'a/b: é & <p>',
      '>a/b',
      '<a/c {}',
      '>a/c',
      'a: tail',
      '>a',
    ]);
    expect(events[1]).toMatchObject({ name: 'b', line: 3 });
  });

  test('a document type is passed over, and its entities are not known', async () => {
    const type = '<!DOCTYPE a SYSTEM "file:///etc/passwd" [<!ENTITY e SYSTEM "file:///etc/passwd">]>';
    expect((await all(readXml(fileOf(`${type}<a>x</a>`)))).map(told)).toContain('a: x');
    await expect(all(readXml(fileOf(`${type}<a>&e;</a>`)))).rejects.toThrow('file is not a complete XML document');
  });

  test.each([
    ['is empty', ''],
    ['does not close', '<a><b></b>'],
    ['closes another', '<a></b>'],
    ['goes on behind its end', '<a/><b/>'],
    ['has a text that never ends', `<a>${'x'.repeat(10_000_001)}`],
  ])('one that %s is refused', async (_what, xml) => {
    await expect(all(readXml(fileOf(xml, 65_536)))).rejects.toThrow('file is not a complete XML document');
  });
});
