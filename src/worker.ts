/** A worker: it has opened the same library as the main process, to read it, and answers requests that are long work. */
import { writeFileSync } from 'node:fs';
import type { FeedbackQueue } from './core/evaluation/feedback.js';
import type { HandedOverRecord } from './core/handing-over/record.js';
import { NO_POLICY } from './core/policy/site-policy.js';
import { createRoutes } from './create-routes.js';
import { AnswerBuilder } from './edge/answers/answer-builder.js';
import { headerTableOf } from './edge/answers/headers.js';
import { keepPrepared } from './edge/keep-prepared.js';
import { JobServer } from './edge/workers/job-server.js';
import type { FromWorker, MainParts, ToWorker, WorkerStart } from './edge/workers/job.js';
import { MainProcessError, leaveToMain, openForWorker } from './library/open-for-worker.js';
import { LIMITS } from './limits.js';
import { prepareVocabulary } from './read-vocabulary.js';
import { loadTexts } from './texts.js';

try {
  // A system that runs out of memory ends a worker before the main process.
  writeFileSync('/proc/self/oom_score_adj', '500');
} catch {
  // Another system than Linux.
}
let policy = NO_POLICY;
let isAbandoned = false;

const post = (message: FromWorker): void => void process.send?.(message);

/** Calls of functions of the main process that have not returned. */
const calls = new Map<number, (value: never) => void>();
let lastId = 0;
const callMain =
  <Name extends keyof MainParts>(name: Name) =>
  (...values: Parameters<MainParts[Name]>): ReturnType<MainParts[Name]> =>
    new Promise((resolve) => {
      lastId += 1;
      calls.set(lastId, resolve);
      post({ kind: 'call', id: lastId, name, values });
    }) as ReturnType<MainParts[Name]>;
const main: MainParts = {
  ask: callMain('ask'),
  findGiven: callMain('findGiven'),
  findOpen: callMain('findOpen'),
  remember: callMain('remember'),
};

/** Stands for a part that only the main process has: pages state that it is there, and nothing here calls it. */
const ELSEWHERE = {};

async function open({ config: sent, has }: WorkerStart): Promise<JobServer> {
  const config = {
    ...sent,
    ehrs: [],
    launchKey: undefined,
    signIn: undefined,
    writer: { name: 'worker', clock: () => new Date() },
  };
  const { library, written } = await openForWorker({ ...config, readOnly: true }, () => policy);
  const parts = {
    config,
    library,
    ...(has.written ? { written } : {}),
    feedback: has.feedback ? (ELSEWHERE as FeedbackQueue) : undefined,
    handedOver: has.handedOver ? (ELSEWHERE as HandedOverRecord) : undefined,
    inWorker: { cardState: main, canLaunch: has.launches, ehr: { read: leaveToMain } },
  };
  const { routes } = createRoutes(parts, loadTexts(config.resourcesDir), has.upstream ? main : undefined);
  const heavy = routes.filter(({ isHeavy, computation }) => isHeavy ?? computation);
  const server = new JobServer({
    routes: heavy,
    library,
    builder: new AnswerBuilder(headerTableOf(config)),
    isAbandoned: () => isAbandoned,
    isForMain: (error) => error instanceof MainProcessError,
  });
  // Between jobs: swaps are noticed, and what the rows need of a release is prepared.
  setInterval(() => void server.whenIdle(() => library.follow()), LIMITS.followEveryMs);
  keepPrepared(heavy, library, LIMITS.prepareEveryMs);
  // An unreadable file is read, and reported, by the job that needs it.
  void prepareVocabulary(config.resourcesDir).catch(() => undefined);
  return server;
}

let opened: Promise<JobServer> | undefined;

async function answer({ job, policy: newPolicy }: Extract<ToWorker, { kind: 'job' }>): Promise<void> {
  policy = newPolicy ?? policy;
  isAbandoned = false;
  const server = await opened;
  if (server) post(await server.answer(job));
}

process.on('message', (message: ToWorker) => {
  // A rejection ends the process, and the main one starts another.
  if (message.kind === 'start') opened = open(message.start);
  else if (message.kind === 'job') void answer(message);
  else if (message.kind === 'abandon') isAbandoned = true;
  else {
    calls.get(message.id)?.(message.value as never);
    calls.delete(message.id);
  }
});
// It ends with the main process, which lets it finish what is in flight: signals to the whole group are not for it.
process.on('disconnect', () => process.exit());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
