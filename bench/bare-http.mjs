/**
 * The bare node:http server of the comparison: answers every request with a fixed number of bytes, with the headers of our answer, a
 * request id and a log line of its own.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { pino } from 'pino';

const { BYTES, HEADERS = '[]', LOG_LEVEL: level, PORT } = process.env;
const body = Buffer.alloc(Number(BYTES), 'a').toString('latin1');
const headers = JSON.parse(HEADERS);
const log = pino({ level }, pino.destination({ dest: 1, sync: false, minLength: 16_000, periodicFlush: 1000 }));
const server = createServer((request, response) => {
  const began = performance.now();
  const requestId = randomUUID();
  response.once('close', () => {
    const { method } = request;
    log.info({ method, status: 200, requestId, ms: Math.round((performance.now() - began) * 1000) / 1000 });
  });
  response.writeHead(200, [...headers, 'X-Request-Id', requestId]);
  response.end(body, 'latin1');
});
server.listen(Number(PORT), '127.0.0.1', () => process.stdout.write('listening\n'));
