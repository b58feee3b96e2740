import { Parser } from 'htmlparser2';
import { describe, expect, test } from '@jest/globals';
import type { Label } from '../../../src/import/spl/label.js';
import { readLabel } from '../../../src/import/spl/read-label.js';
import { describeWithData, read } from '../../support/shared-data.js';
import { fileOf } from '../import-place.js';
import { readLabelFiles } from './read-labels.js';
import { PATIENT, PRESCRIBER, buildLabel, section } from './build-label.js';

const readXml = (xml: string, chunkBytes?: number): Promise<Label> => readLabel(fileOf('label.xml', xml, chunkBytes));

const NARRATIVE = `
  <paragraph>Lorem <content styleCode="bold">ipsum</content> <content styleCode="italics">dolor</content>&#160;sit &lt; amet.</paragraph>
  <list listType="unordered" styleCode="Disc"><caption>Consectetur</caption>
    <item>adipiscing<list listType="ordered" styleCode="LittleAlpha"><item>elit</item></list></item>
    <item><caption>1.</caption>sed do</item></list>
  <table><caption>Eiusmod</caption><col width="50%"/>
    <tfoot><tr><td colspan="2">finis</td></tr></tfoot>
    <tbody><tr><th>tempor</th><td align="left" colspan="x">10<sup>9</sup></td></tr></tbody></table>
  <renderMultiMedia referencedObject="MM1"/>
  <paragraph><content styleCode="bold"> </content><linkHtml href="https://example.org/a?b=1&amp;c">link</linkHtml><linkHtml href="#s1">place</linkHtml>
  <linkHtml href="javascript:x">no link</linkHtml><br/>incididunt<footnote ID="f1">ut labore</footnote></paragraph>`;

const HTML =
  '<h3>Titulus</h3> <p>Lorem <strong>ipsum</strong> <em>dolor</em> sit &lt; amet.</p> ' +
  '<strong>Consectetur</strong><ul> <li>adipiscing<ol type="a"><li>elit</li></ol></li> <li>1. sed do</li></ul> ' +
  '<table><caption>Eiusmod</caption> <tfoot><tr><td colspan="2">finis</td></tr></tfoot> ' +
  '<tbody><tr><th>tempor</th><td>10<sup>9</sup></td></tr></tbody></table> ' +
  '<p><em>[Picture: Pictura prima]</em></p> ' +
  '<p> <a href="https://example.org/a?b=1&amp;c" rel="noreferrer">link</a>place no link<br />incididunt [ut labore]</p>';

describe('a label', () => {
  test("has the patient's sections as HTML, with descriptions of pictures, and nothing of the prescriber's", async () => {
    const picture = '<component><observationMedia ID="MM1"><text>Pictura prima</text></observationMedia></component>';
    const sections = section(PRESCRIBER, 'Prescriber', 'secret') + section(PATIENT, 'Titulus', NARRATIVE, picture);
    const { sections: read } = await readXml(buildLabel({ sections }));
    expect(read).toEqual([{ kind: 'medication-guide', language: 'en', html: HTML }]);
  });

  test('is read alike, however its bytes are divided', async () => {
    const xml = buildLabel({ sections: section(PATIENT, 'Títulus', NARRATIVE) });
    expect(await readXml(xml, 7)).toEqual(await readXml(xml));
  });

  test("finds the patient's sections within others, and takes their subsections of any kind with them", async () => {
    const inner = section(PRESCRIBER, 'Sub', 'inner', section('42231-1', 'Subsub', 'innermost'));
    const sections = section('34076-0', 'Outer', 'outer', section('59845-8', 'Use', 'own', inner));
    const { sections: read } = await readXml(buildLabel({ sections }));
    expect(read.map(({ kind, html }) => [kind, html.replace(/\s*(<[^<>]*>)\s*/g, '$1')])).toEqual([
      ['instructions-for-use', '<h3>Use</h3>own<h4>Sub</h4>inner<h4>Subsub</h4>innermost'],
    ]);
  });

  test('has facts: set id, version, day, maker, products with ingredients, forms, routes, packages and marketing', async () => {
    const label = await readXml(buildLabel({}));
    expect(label).toEqual({
      setId: '01234567-89ab-cdef-0123-456789abcdef',
      version: 3,
      effectiveOn: '2022-03-21',
      type: 'HUMAN PRESCRIPTION DRUG LABEL',
      maker: 'Lorem Laboratories & Co.',
      isCopy: false,
      sections: [],
      products: [
        {
          name: 'Loremol',
          genericName: 'ipsumide sodium',
          form: 'TABLET, FILM COATED',
          routes: ['ORAL'],
          ingredients: ['ipsumide sodium'],
          moieties: ['ipsumide'],
          ndcs: ['00093123401'],
          approval: 'ANDA',
          status: 'active',
          endsOn: undefined,
        },
      ],
    });
  });

  test("is a copy if it names another labeler's product, or if its establishments only repackage", async () => {
    const act = (name: string): string =>
      `<performance><actDefinition><code code="C1" displayName="${name}"/></actDefinition></performance>`;
    const isCopy = async (parts: Parameters<typeof buildLabel>[0]) => (await readXml(buildLabel(parts))).isCopy;
    expect(await isCopy({ acts: act('MANUFACTURE') + act('RELABEL') })).toBe(false);
    expect(await isCopy({ acts: act('repack') })).toBe(true);
    const source = '<definingMaterialKind><code code="0093-1234"/></definingMaterialKind>';
    expect(await isCopy({ equivalent: `<asEquivalentEntity>${source}</asEquivalentEntity>` })).toBe(true);
  });

  test('in Spanish is known as such', async () => {
    const words =
      '<paragraph>De la ipsum que los dolor en el sit para una amet.</paragraph><renderMultiMedia referencedObject="x"/>';
    const { sections } = await readXml(buildLabel({ sections: section(PATIENT, '', words) }));
    expect(sections).toMatchObject([{ language: 'es' }]);
    expect(sections[0]?.html).toContain('[Imagen]');
  });

  test.each([
    ['another document', '<html/>', 'its root element is html, not document'],
    ['a truncated one', buildLabel({}).slice(0, -20), 'not a complete label'],
    ['one without a set id', buildLabel({}).replace('<setId', '<otherId'), 'it has no set id'],
    ['one without a version', buildLabel({}).replace('<versionNumber', '<other'), 'it has no version'],
    ['one without a date', buildLabel({}).replace('20220321', ''), 'it has no effective date'],
    ['one nested too deeply', buildLabel({ sections: section(PATIENT, '', '<content>'.repeat(300)) }), 'too deeply'],
  ])('is rejected with the reason: %s', async (_name, xml, reason) => {
    await expect(readXml(xml)).rejects.toThrow(reason);
  });
});

/** The words of a document's patient sections, in order: text of all titles and texts, with descriptions of pictures. */
function listSourceWords(xml: string): string[] {
  const KINDS = /^(?:42231-1|42230-3|68498-5|59845-8)$/;
  const INLINE = /^(?:content|sup|sub|linkhtml|col)$/;
  const pictures = new Map<string, string>();
  for (const [, id = '', text = ''] of xml.matchAll(
    /<observationMedia[^>]*?\bID="([^"]*)"[^>]*>(?:(?!<\/observationMedia>)[^])*?<text[^>]*>([^<]*)/g,
  ))
    pictures.set(id, text);
  const path: string[] = [];
  const sections: boolean[] = [];
  let from = 0;
  let text = '';
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        const parent = path.at(-1);
        path.push(name);
        if (name === 'section') sections.push(sections.at(-1) ?? false);
        else if (from === 0 && parent === 'section' && name === 'code' && KINDS.test(attributes.code ?? ''))
          sections[sections.length - 1] = true;
        else if (from === 0 && parent === 'section' && (name === 'title' || name === 'text') && sections.at(-1))
          from = path.length;
        if (from > 0 && !INLINE.test(name)) text += ' ';
        if (from > 0 && name === 'rendermultimedia')
          text += `Picture ${pictures.get(attributes.referencedobject ?? '') ?? ''} `;
      },
      ontext: (part) => {
        if (from > 0) text += part;
      },
      onclosetag: (name) => {
        if (from > 0 && !INLINE.test(name)) text += ' ';
        if (path.length === from) from = 0;
        if (name === 'section') sections.pop();
        path.pop();
      },
    },
    {
      decodeEntities: true,
      recognizeSelfClosing: true,
      lowerCaseTags: true,
      lowerCaseAttributeNames: true,
      xmlMode: true,
    },
  );
  parser.end(xml.replace(/<!--[^]*?-->/g, ''));
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The words of HTML, in order. */
function listWords(html: string): string[] {
  let text = '';
  const pass = (name: string): void => {
    if (!/^(?:strong|em|sup|sub|a)$/.test(name)) text += ' ';
  };
  const parser = new Parser({ onopentag: pass, onclosetag: pass, ontext: (part) => (text += part) });
  parser.end(html);
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

const FILE_NAMED = /\b\S+\.jpg\b|\S*\\\S*/gi;

describeWithData('spl', 'the labels of DailyMed', () => {
  test("have every word of the patient's sections in order, and the facts that were read of them before", async () => {
    const labels = new Map(readLabelFiles());
    const stated = new Map(read('spl/labels.csv').map((row) => [row.file, row]));
    const differing: string[] = [];
    for (const [name, xml] of labels) {
      const label = await readLabel(fileOf(name, xml));
      const html = label.sections.map((one) => one.html).join(' ');
      // A picture's description that is a file's name is left out.
      const source = listSourceWords(
        xml.replace(/(<text[^>]*>)([^<]*)(<\/text>)/g, (all: string, open: string, text: string, close: string) =>
          text.search(FILE_NAMED) >= 0 ? open + close : all,
        ),
      );
      if (listWords(html).join(' ') !== source.join(' ')) differing.push(name);
      const row = stated.get(name);
      if (!row) continue;
      const { version, effectiveOn, maker, products } = label;
      expect([name, String(version), effectiveOn.replaceAll('-', ''), maker]).toEqual([
        name,
        row.version,
        row.effective,
        row.maker?.trim(),
      ]);
      expect(new Set(products.flatMap(({ routes }) => routes))).toEqual(
        new Set(row.routes?.split('|').filter((one) => one !== '')),
      );
    }
    expect(labels.size).toBe(206);
    expect(differing).toEqual([]);
  }, 60_000);
});
