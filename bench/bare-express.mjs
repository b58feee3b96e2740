/** The bare Express route of the comparison: answers one path with a fixed number of bytes. */
import express from 'express';

const body = Buffer.alloc(Number(process.env.BYTES), 'a');
const app = express();
app.get(process.env.ROUTE, (_request, response) => {
  response.type('text/plain').send(body);
});
app.listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('listening\n'));
