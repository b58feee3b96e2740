import { describe, expect, test } from '@jest/globals';
import { mergeFields } from '../../src/catalogue/layered-articles.js';
import { keepTopLayer } from '../support/keep-top-layer.js';
import { type Layer, LAYERS } from '../../src/core/model/library.js';

const row = (layer: Layer, code: string, article: string) => ({ system: 'icd-10-cm', code, layer, article }) as const;

test('the layers stand from what FHIR has written down to the starter', () => {
  expect(LAYERS).toEqual(['written', 'local', 'imported', 'starter']);
});

describe('rows of one code', () => {
  const inOrder = LAYERS.map((layer) => row(layer, 'I10', layer));

  test.each(LAYERS.map((layer, index) => [layer, inOrder.slice(index)] as const))(
    'those of %s replace all below it',
    (layer, rows) => {
      expect(keepTopLayer(rows)).toEqual([row(layer, 'I10', layer)]);
      expect(keepTopLayer([...rows].reverse())).toEqual([row(layer, 'I10', layer)]);
    },
  );

  test('all rows of the top layer stay, in their order', () => {
    const rows = [row('local', 'I10', 'b'), row('starter', 'I10', 'c'), row('local', 'I10', 'a')];
    expect(keepTopLayer(rows)).toEqual([row('local', 'I10', 'b'), row('local', 'I10', 'a')]);
  });

  test('another code, or the same code of another system, is not touched', () => {
    const rows = [
      row('local', 'I10', 'a'),
      row('starter', 'I10.1', 'b'),
      { ...row('starter', 'I10', 'c'), system: 'icd-10' as const },
    ];
    expect(keepTopLayer(rows)).toEqual(rows);
  });
});

describe('versions of one article', () => {
  interface Fields {
    title?: string | undefined;
    url?: string | undefined;
    names?: readonly string[] | undefined;
    count?: number | undefined;
  }
  const merge = (...versions: [Layer, Fields][]): Fields =>
    mergeFields<Fields>(versions.map(([layer, fields]) => ({ layer, fields })));

  test('merge field by field, the higher layer first', () => {
    const local: [Layer, Fields] = ['local', { title: 'ours' }];
    const starter: [Layer, Fields] = ['starter', { title: 'theirs', url: 'https://a.example' }];
    expect(merge(local, starter)).toEqual({ title: 'ours', url: 'https://a.example' });
    expect(merge(starter, local)).toEqual({ title: 'ours', url: 'https://a.example' });
  });

  test('a field that the higher layer leaves out stands as the lower one has it', () => {
    expect(merge(['written', { title: undefined }], ['starter', { title: 'theirs' }])).toEqual({ title: 'theirs' });
  });

  test('nothing, an empty list and nought are values', () => {
    const starter: [Layer, Fields] = ['starter', { title: 'theirs', names: ['a'], count: 3 }];
    expect(merge(['local', { title: '', names: [], count: 0 }], starter)).toEqual({ title: '', names: [], count: 0 });
  });

  test('the versions given are left as they were', () => {
    const fields = Object.freeze({ title: 'ours' });
    merge(['starter', fields], ['local', { title: 'theirs' }]);
    expect(fields).toEqual({ title: 'ours' });
  });

  test('no version makes an empty article', () => {
    expect(merge()).toEqual({});
  });
});
