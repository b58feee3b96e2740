import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readNotice } from '../../src/handout/notice.js';

test('each line of a notice has its language', () => {
  const lines = readNotice(readFileSync('tests/web/language-notice.txt', 'utf8'));
  const languages = ['en', 'es', 'zh-Hans', 'zh-Hant', 'vi', 'ko', 'fil', 'ru', 'ar', 'fa', 'hi', 'fr', 'ht', 'ja'];
  expect(lines.map(({ language }) => language)).toEqual([...languages, undefined]);
});

test.each([
  ['Free language help: ask us.', 'en'],
  ['Servicios gratuitos de idiomas.', 'es'],
  ['免费语言服务', 'zh-Hans'],
  ['免費語言服務', 'zh-Hant'],
  ['УВАГА! Якщо ви розмовляєте українською мовою', 'uk'],
  ['Aide gratuite', undefined],
])('%s', (text, language) => {
  expect(readNotice(text)).toEqual([{ text, language }]);
});

test('a line may name its language, which is not printed; empty lines are left out', () => {
  expect(readNotice('[so] Caawimaad luqadeed\r\n\n[zh-Hant] 免費')).toEqual([
    { text: 'Caawimaad luqadeed', language: 'so' },
    { text: '免費', language: 'zh-Hant' },
  ]);
  expect(readNotice(undefined)).toEqual([]);
});
