import { readFileSync } from 'node:fs';
import type { Random } from './random.js';
import type { KnownParameter, Surface } from './surface.js';

/** Values as an address would hold them, percent-encoded or not even that. */
export const HOSTILE = Object.values(
  JSON.parse(readFileSync(new URL('../http/hostile-values.json', import.meta.url), 'utf8')) as Record<string, string>,
);

type Make = (random: Random) => string;

const filled =
  (unit: string, lengths: readonly number[]): Make =>
  (random) =>
    unit.repeat(random.pick(lengths));

/** Texts at the edges of what a reader of text expects. */
const BOUNDARIES: readonly Make[] = [
  () => '',
  filled(' ', [1, 2, 50]),
  () => '\0',
  () => 'J45\0.909',
  () => '\t\r\n',
  () => '\u{1F469}\u{200D}\u{2695}\u{FE0F}',
  () => '\u202Eabc\u202C',
  () => 'ربو',
  () => '\uD800',
  () => '\uDFFF\uD800',
  () => '\uFFFE\uFFFF',
  () => 'é́́́',
  () => 'İıſK',
  filled('a', [64, 65, 200, 201, 1000]),
  filled('9', [10, 19, 40, 400]),
  filled('a,', [20, 21, 101, 600]),
  filled('|', [1, 2, 100]),
  filled('-', [1, 50]),
  filled('(', [1, 100]),
  filled('\u0301', [100]),
  filled('x y ', [50]),
  () => '-1',
  () => '-0',
  () => '0',
  () => '1e999',
  () => '9007199254740993',
  () => '2147483648',
  () => '0x10',
  () => 'NaN',
  () => 'null',
  () => 'undefined',
  () => '__proto__',
  () => 'constructor',
  () => 'toString',
  () => '[]',
  () => '{}',
  () => '<a href="x">&amp;',
  () => ']]>',
  () => "' OR 1=1 --",
  () => '../../etc/passwd',
  () => '\\,\\|\\$\\',
  () => '%00%',
  () => '*',
  () => '.*(a+)+$',
  () => 'http://[::1',
  () => 'javascript:alert(1)',
  () => 'urn:oid:1.2.3.',
  () => '0000-00-00',
  () => '9999-12-31T23:59:60Z',
  () => '-271821-04-20',
  () => 'ge2026-02-30',
];

const NUMBERS = ['0', '1', '2', '5', '10', '50', '70', '200', '201', '-1', '1.5', '1e3', '99999999999', '2147483647'];
const DATES = [
  ...['2026', '2026-11', '2026-11-24', 'ge2026-01-01', 'lt2026-11-24T12:00:00Z', 'ap2025', 'ne2026', 'sa2026-11'],
  ...['1900-01-01', '2026-11-24T12:34:56.789+14:00', '1960-05-05', '2026-02-29', '2026-W05', 'now'],
];
const LANGUAGES = [
  'en',
  'es',
  'es-MX',
  'zh',
  'ar',
  'fr-CA',
  'vi',
  'zh-Hant-TW',
  'EN',
  'xx',
  'en,es;q=0.5',
  '*',
  'de-1996',
];
const WORDS = [
  ...[
    'asthma',
    'diabetes',
    'dolor de cabeza',
    'metformin 500 mg',
    'high blood pressure',
    'T2DM',
    'no fever',
    'insulina',
  ],
  ...[
    'E11.9, I10',
    'fentanyl',
    'heart attack',
    'a',
    'the',
    'chlid asthmaa',
    'presión',
    'tos',
    'HTN',
    'vaccine flu 2026',
  ],
];
const FORMATS = [
  'json',
  'xml',
  'application/fhir+json',
  'json',
  'xml',
  'json',
  'xml',
  'application/fhir+json',
  'text/xml',
  'atom',
  'text/html',
  'image/png',
  'ttl',
  'JSON',
];
const TYPES = [
  'text/xml',
  'application/json',
  'text/html',
  'text/xml',
  'application/json',
  'application/javascript',
  'text/html',
  'application/xml',
  'image/png',
];
const OIDS = [
  ...['2.16.840.1.113883.6.90', '2.16.840.1.113883.6.96', '2.16.840.1.113883.6.88', '2.16.840.1.113883.6.1'],
  ...['2.16.840.1.113883.6.69', '2.16.840.1.113883.6.103', '2.16.840.1.113883.12.292', '1.2.3'],
];
const FURTHER_CODES = [
  'E11.9',
  '195967001',
  '4548-4',
  '6809',
  '140',
  '0002-8215-01',
  'Z99.89',
  'T74.11XA',
  'J45',
  '250.00',
];

/** Likely values for a name: the first that fits. */
const BY_NAME: readonly (readonly [RegExp, (random: Random, surface: Surface) => string])[] = [
  [/language|^lang$/i, (random) => random.pick(LANGUAGES)],
  [/^_format$/, (random) => random.pick(random.isWild ? FORMATS : ['json', 'xml'])],
  [
    /knowledgeResponseType/,
    (random) => random.pick(random.isWild ? TYPES : ['text/xml', 'application/json', 'text/html']),
  ],
  [/callback/, (random) => random.pick(['f', 'a.b', '$', '_x1', 'f(', ''])],
  [
    /(\.cs|^system|[sS]ystem|holder)$/,
    (random, { codes }) => (random.chance(0.8) ? random.pick(codes).system : random.pick([...OIDS, 'icd-10-cm'])),
  ],
  [
    /(?:^event|explains)$/,
    (random, { codes }) => {
      const { system, code } = random.pick(codes);
      return random.pick([`${system}|${code}`, `${system}|${code}`, code, `${system}|`, `|${code}`]);
    },
  ],
  [/^code$/, (random, { codes }) => (random.chance(0.85) ? random.pick(codes).code : random.pick(FURTHER_CODES))],
  [/(\.c|code[AB]|Code)$/, (random, { codes }) => random.pick([random.pick(codes).code, random.pick(FURTHER_CODES)])],
  [
    /^(url|source|target|context|.*(Scope|-version)|relatesto)$/,
    (random, { urls }) =>
      random
        .pick(random.isWild ? ['', '|1', '?fhir_vs', '?fhir_vs=isa/E11', '|2026'] : [''])
        .replace(/^/, random.pick(urls)),
  ],
  [/^(_id|article|identifier|id)$/, (random, { ids }) => random.pick(ids.DocumentReference ?? [''])],
  [/date|_since|_at|_lastUpdated|birth/i, (random) => random.pick(DATES)],
  [/age|count|offset|_total/i, (random) => random.pick(NUMBERS)],
  [/ageUnit|\.u$/, (random) => random.pick(['a', 'mo', 'wk', 'd', 'h', 'min', 'y', 'A'])],
  [/gender|sex/i, (random) => random.pick(['M', 'F', 'UN', 'male', 'female', 'other', 'MALE'])],
  [/performer|recipient|user/i, (random) => random.pick(['PAT', 'PROV', 'PAYOR', 'PATIENT', 'pat', 'AAA'])],
  [
    /^_(sort|elements|include)$/,
    (random) =>
      random.pick([
        '_id',
        '-date',
        'description,-_lastUpdated',
        'title',
        'code',
        'DocumentReference:relatesto',
        'name,,',
      ]),
  ],
  [/^reason$/, (random) => random.pick(['wrong-topic', 'wrong-age', 'broken-link', 'frightening', 'other', 'x'])],
  [/_summary/, (random) => random.pick(['true', 'text', 'data', 'count', 'false', 'maybe'])],
  [/^property$/, (random) => random.pick(['display', 'parent', 'child', 'inactive', 'definition', '*'])],
];

export const boundaryText = (random: Random): string => random.pick(BOUNDARIES)(random);

/** A text that somebody could mean by this name, if nothing is known of it. */
export function likelyText(random: Random, name: string, surface: Surface): string {
  const known = BY_NAME.find(([pattern]) => pattern.test(name));
  return known ? known[1](random, surface) : random.pick(random.chance(0.8) ? WORDS : FURTHER_CODES);
}

/** A value of a parameter: mostly a real one, else one at an edge, or two run together. */
export function textFor(random: Random, { name, schema, example }: KnownParameter, surface: Surface): string {
  if (random.wild(0.2)) return boundaryText(random);
  if (random.wild(0.08)) return `${likelyText(random, name, surface)}${boundaryText(random)}`;
  if (schema.enum && random.chance(0.85)) return random.pick(schema.enum);
  if (schema.type === 'boolean')
    return random.pick(random.isWild ? ['true', 'false', 'TRUE', '1', 'yes'] : ['true', 'false']);
  if (schema.type === 'integer' || schema.type === 'number') return random.pick(NUMBERS);
  return example !== undefined && random.chance(0.3) ? example : likelyText(random, name, surface);
}

/** As a query or a form has it: every byte that is not plain by its number, half surrogate pairs by what they become. */
export const encode = (text: string): string =>
  Buffer.from(text)
    .toString('latin1')
    .replace(
      /[^A-Za-z0-9._~:/@!$'()*,;-]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
    );
