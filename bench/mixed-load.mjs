/** A load of all protocols in a mix such as a hospital's: hits, misses and what clients get wrong, each with the status it must have. */
import { Agent, request as send } from 'node:http';
import { CODES, PROTOCOLS } from './requests.mjs';

/** Of codes that are asked, most are asked often: from the whole list, the lower ones more. */
const pick = (list) => list[Math.floor(list.length * Math.random() ** 3)];

const get = (path, status = 200) => ({ method: 'GET', path, status });
const ICD_10_CM = encodeURIComponent('http://hl7.org/fhir/sid/icd-10-cm');

/** Requests that are not for a code with an article: codes without one, and errors of clients. */
const OTHERS = [
  get('/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=ZZZ'),
  get('/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.96&mainSearchCriteria.v.c=10000006'),
  get('/infobutton?mainSearchCriteria.v.c=N53.14', 400),
  get('/service?mainSearchCriteria.v.c=N53.14', 400),
  get('/service?mainSearchCriteria.v.cs=9.9.9&mainSearchCriteria.v.c=N53.14', 400),
  get('/fhir/DocumentReference/none-en', 404),
  get('/fhir/Patient/1', 404),
  { method: 'DELETE', path: '/service', status: 405 },
  get('/nowhere', 404),
  get('/find?q=asthma'),
  get('/browse'),
  get('/updates.atom'),
  get('/fhir/metadata'),
  get('/fhir/DocumentReference?description:contains=asthma&_count=5'),
  get('/fhir/DocumentReference/topic-asthma-en'),
  get('/article/topic-asthma'),
  get('/assets/page.css'),
  get('/suggest?q=diab'),
  get(`/fhir/CodeSystem/$validate-code?url=${ICD_10_CM}&code=I10`),
  get('/readyz'),
];
const OTHERS_SHARE = 0.15;

/** Time after which an answer is not waited for any longer. */
export const ANSWER_MS = 30_000;

/** A name that stands for a reader: with it nothing comes from the answer cache. */
const withReader = (path) =>
  path.startsWith('/service') && Math.random() < 0.3
    ? `${path}&patientPerson.administrativeGenderCode.c=F&age.v.v=40&age.v.u=a`
    : path;

/** The next request of the mix. */
export function nextRequest() {
  if (Math.random() < OTHERS_SHARE) return OTHERS[Math.floor(Math.random() * OTHERS.length)];
  const { request } = PROTOCOLS[Math.floor(Math.random() * PROTOCOLS.length)];
  const made = request(pick(CODES));
  // Not every code that has a page has a title.
  const status = made.path.includes('$lookup') ? undefined : 200;
  return { ...made, path: withReader(made.path), status };
}

/** Sends a request and answers its status; 0 where there was no answer, or no whole one within its time. */
function ask(url, agent, answerMs, { method, path, headers, body }) {
  return new Promise((resolve) => {
    const late = setTimeout(() => sent.destroy(new Error('no answer in time')), answerMs);
    const end = (status) => {
      clearTimeout(late);
      resolve(status);
    };
    const sent = send(`${url}${path}`, { method, headers, agent }, (response) => {
      response.resume();
      response.on('end', () => end(response.statusCode));
      response.on('error', () => end(0));
    });
    sent.on('error', () => end(0));
    sent.end(body);
  });
}

/** A request may have one of two statuses where its answer depends on what is imported; never a failure of ours. */
const isAsExpected = (expected, status) =>
  expected === undefined ? status === 200 || status === 404 : status === expected;

/**
 * Sends the mix at a steady rate over some connections until it is told to end. A request that could not be sent in its time is
 * sent at once when a connection is free: its waiting counts.
 * @param answerMs what is not answered within this time counts as no answer
 * @param onAnswer told of each answer, or that there was none: `{ request, status, dueAt, ms, isExpected }`
 * @returns ends it
 */
export function startLoad({ url, ratePerSecond, connections, answerMs = ANSWER_MS, onAnswer }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let isRunning = true;
  const started = performance.now();
  let sent = 0;
  const work = async () => {
    while (isRunning) {
      const due = started + (sent * 1000) / ratePerSecond;
      sent += 1;
      const wait = due - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      if (!isRunning) return;
      // A timer's own lateness is none of the server's.
      const dueAt = wait > 0 ? performance.now() : due;
      const request = nextRequest();
      const status = await ask(url, agent, answerMs, request);
      const ms = performance.now() - dueAt;
      onAnswer({ request, status, dueAt, ms, isExpected: isAsExpected(request.status, status) });
    }
  };
  const workers = Array.from({ length: connections }, work);
  return async () => {
    isRunning = false;
    await Promise.all(workers);
    agent.destroy();
  };
}

const WORN_REQUESTS = Number(process.env.BENCH_WORN_REQUESTS ?? 100_000);
const WEARERS = 32;

/** Sends a server as many requests of the mix as a process of some days has answered: its caches are full, and its code is compiled for all protocols. */
export async function wear({ url }) {
  const agent = new Agent({ keepAlive: true, maxSockets: WEARERS });
  let left = WORN_REQUESTS;
  const work = async () => {
    while (left > 0) {
      left -= 1;
      await ask(url, agent, ANSWER_MS, nextRequest());
    }
  };
  await Promise.all(Array.from({ length: WEARERS }, work));
  agent.destroy();
}
