/** The bare node:http server of the comparison: answers every request with a fixed number of bytes. */
import { createServer } from 'node:http';

const body = Buffer.alloc(Number(process.env.BYTES), 'a');
const server = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': String(body.length) });
  response.end(body);
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('listening\n'));
