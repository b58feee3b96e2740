/**
 * The bare node:http server of the comparison: answers every request with a fixed number of bytes, with the headers of our answer, a
 * request id and our log line.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { pino } from 'pino';

const { BYTES, HEADERS = '[]', LOG_LEVEL: level, PORT, PROTOCOL: protocol, ROUTE: route } = process.env;
const body = Buffer.alloc(Number(BYTES), 'a').toString('latin1');
const headers = JSON.parse(HEADERS);
const output = pino.destination({ dest: 1, sync: false, minLength: 16_000, periodicFlush: 1000 });
const answered = { method: 'GET', status: 200, outcome: 'answered', matchKinds: 'own', cache: 'hit', sent: true };
const log = pino({ level, base: null }, output).child({ protocol, route, ...answered });
const server = createServer((_request, response) => {
  const began = performance.now();
  const requestId = randomUUID();
  response.once('close', () => {
    log.info({ requestId, ms: Math.round((performance.now() - began) * 1000) / 1000 });
  });
  response.writeHead(200, [...headers, 'X-Request-Id', requestId]);
  response.end(body, 'latin1');
});
server.listen(Number(PORT), '127.0.0.1', () => process.stdout.write('listening\n'));
