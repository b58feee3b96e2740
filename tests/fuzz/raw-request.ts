import type { Random } from './random.js';

const TYPE = 'Content-Type: application/x-www-form-urlencoded\r\n';

/** Requests that no client library would send, as bytes; each ends the connection, by its own wish or by its fault. */
export function rawRequest(random: Random, path: string): Buffer {
  const host = 'Host: 127.0.0.1\r\n';
  const close = 'Connection: close\r\n';
  const line = `GET ${path} HTTP/1.1\r\n`;
  const post = `POST ${path} HTTP/1.1\r\n${host}${close}${TYPE}`;
  const long = 'a'.repeat(random.pick([100, 8_000, 20_000, 33_000, 60_000]));
  const texts = [
    `${line}${close}\r\n`,
    `${line}${host}Host: other.example\r\n${close}\r\n`,
    `${line}Host: ${random.pick(['', '[::1', 'a b', 'evil.example:99999', '\x80', long.slice(0, 300)])}\r\n${close}\r\n`,
    `${random.pick(['BREW', 'get', 'GET GET', 'QUERY', 'PRI', 'SEARCH', 'CONNECT', long.slice(0, 50)])} ${path} HTTP/1.1\r\n${host}${close}\r\n`,
    `GET ${path} HTTP/${random.pick(['1.0', '0.9', '2.0', '1.2', 'x'])}\r\n${host}${close}\r\n`,
    `GET ${random.pick(['*', 'x', 'http://evil.example/fhir', '//', '/\0', '/\x7f', '/\xff', '?'])} HTTP/1.1\r\n${host}${close}\r\n`,
    `${line}${host}${close}X-Long: ${long}\r\n\r\n`,
    `${line}${host}${close}${'X-Many: 1\r\n'.repeat(random.pick([50, 1999, 2500]))}\r\n`,
    `${line}${host}${close}${random.pick(['broken', 'X-A : b', 'X-A: b\0c', ': x', 'X-A: b\r\n c', 'X-\xe9: 1'])}\r\n\r\n`,
    `${line}${host}${close}Expect: ${random.pick(['100-continue', 'magic'])}\r\n\r\n`,
    `${line}${host}${close}Upgrade: ${random.pick(['h2c', 'websocket', ''])}\r\n\r\n`,
    `${post}Content-Length: ${random.pick(['-1', 'abc', '1e3', '99999999999999999999', '5, 5', ''])}\r\n\r\nabcde`,
    `${post}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`,
    `${post}Content-Length: 50\r\n\r\nabc`,
    `${post}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${post}Transfer-Encoding: ${random.pick(['chunked', 'gzip', 'chunked, chunked', 'identity', 'xchunked'])}\r\n\r\n${random.pick(['xyz\r\n', '-1\r\n', 'FFFFFFFFFFFFFFFFF\r\n', '3;a=b\r\nabc\r\n0\r\n\r\n', '3\r\nabcd\r\n0\r\n\r\n', '0\r\nTrailer: x\r\n\r\n'])}`,
    `${post}Expect: 100-continue\r\nContent-Length: 3\r\n\r\na=b`,
    `${line}${host}\r\n${line}${host}${close}\r\n`,
    `\r\n\r\n${line}${host}${close}\r\n`,
    `${line.replaceAll('\r\n', '\n')}${host.replaceAll('\r\n', '\n')}Connection: close\n\n`,
    '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03',
    `${path}\r\n\r\n`,
  ];
  return Buffer.from(random.pick(texts), 'latin1');
}
