/**
 * Twelve clients that send a request over a new connection each time, until they are refused; says how many requests were answered
 * and how many were lost on their way.
 */
import { request } from 'node:http';

const port = Number(process.argv[2]);
const told = { answered: 0, lost: 0 };
let isRefused = false;

const send = () =>
  new Promise((resolve) => {
    const sent = request({ port, method: 'POST', agent: false }, (response) => {
      response.resume();
      response.on('end', () => {
        told.answered += 1;
        resolve();
      });
    });
    sent.on('error', ({ code }) => {
      if (code === 'ECONNREFUSED') isRefused = true;
      else told.lost += 1;
      resolve();
    });
    sent.end('{}');
  });

await Promise.all(
  Array.from({ length: 12 }, async () => {
    while (!isRefused) await send();
  }),
);
process.stdout.write(JSON.stringify(told));
