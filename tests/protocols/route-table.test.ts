import { expect, test } from '@jest/globals';
import { RouteTable } from '../../src/protocols/route-table.js';

const ID = /^[a-z]{1,3}$/;
const table = new RouteTable([
  { path: '/' },
  { path: '/search' },
  { path: '/article/:id' },
  { path: '/fhir' },
  { path: '/fhir/metadata' },
  { path: '/fhir/List', name: 'type' },
  { path: '/fhir/List/_history' },
  { path: '/fhir/List/$find' },
  { path: '/fhir/List/:id', forms: { id: ID } },
  { path: '/fhir/List/:id/_history/:versionId', forms: { id: ID } },
  { path: '/fhir/*rest' },
  { path: '/files/*file' },
]);

const find = (path: string): [string, object] | undefined => {
  const found = table.find(path);
  return found && [found.row.path, found.pathParameters];
};

test.each([
  ['/search', '/search', {}],
  ['/search/', '/search', {}],
  ['//', '/', {}],
  ['/article/a%2Fb', '/article/:id', { id: 'a/b' }],
  ['/article/a%252F', '/article/:id', { id: 'a%2F' }],
  ['/article/a/', '/article/:id', { id: 'a' }],
  ['/fhir/', '/fhir', {}],
  ['/fhir//metadata', '/fhir/metadata', {}],
  ['/fhir/List/_history', '/fhir/List/_history', {}],
  ['/fhir/List/%24find', '/fhir/List/$find', {}],
  ['/fhir/List//abc/', '/fhir/List/:id', { id: 'abc' }],
  ['/fhir/List/abc/_history/1', '/fhir/List/:id/_history/:versionId', { id: 'abc', versionId: '1' }],
  ['/fhir/List/toolong', '/fhir/*rest', { rest: 'List/toolong' }],
  ['/fhir/List/abc/other', '/fhir/*rest', { rest: 'List/abc/other' }],
  ['/fhir/Patient', '/fhir/*rest', { rest: 'Patient' }],
  ['/files', '/files/*file', { file: '' }],
  ['/files/a/b.pdf', '/files/*file', { file: 'a/b.pdf' }],
])('%s is %s', (path, row, pathParameters) => {
  expect(find(path)).toEqual([row, pathParameters]);
});

test.each(['*', '', '/nowhere', '/search//', '/Search', '/article', '/article//', '/article/a/b', '/%zz'])(
  'nothing is at %j',
  (path) => {
    expect(find(path)).toBeUndefined();
  },
);

test.each(['/article/%zz', '/fhir/List/%E0%A4', '/fhir/Patient/%'])('%s has escapes that mean nothing', (path) => {
  expect(table.find(path)).toMatchObject({ isMalformed: true, pathParameters: {} });
});

test('two rows with one address are a mistake', () => {
  expect(() => new RouteTable([{ path: '/a/:id' }, { path: '/a/:id' }])).toThrow('/a/:id');
});
