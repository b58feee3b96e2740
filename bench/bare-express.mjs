/** The bare Express route of the comparison: answers one path with a fixed number of bytes; what is posted there is parsed as JSON. */
import express from 'express';

const body = Buffer.alloc(Number(process.env.BYTES), 'a');
const app = express();
const answer = (_request, response) => response.type('text/plain').send(body);
app.get(process.env.ROUTE, answer);
app.post(process.env.ROUTE, express.json({ type: '*/*' }), answer);
app.listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('listening\n'));
