/** A worker: it has opened the same library as the main process, to read it, and answers requests that are long work. */
import type { TerminologyAnswer, TerminologySource } from './core/answer/terminology-source.js';
import type { FeedbackQueue } from './core/evaluation/feedback.js';
import type { HandedOverRecord } from './core/handing-over/record.js';
import { NO_POLICY } from './core/policy/site-policy.js';
import { createRoutes } from './create-routes.js';
import { AnswerBuilder } from './edge/answers/answer-builder.js';
import { headerTableOf } from './edge/answers/headers.js';
import { keepPrepared } from './edge/keep-prepared.js';
import { JobServer } from './edge/workers/job-server.js';
import type { FromWorker, ToWorker, WorkerStart } from './edge/workers/job.js';
import { MustWriteError, openForWorker } from './library/open-for-worker.js';
import { LIMITS } from './limits.js';
import { readVocabulary } from './read-vocabulary.js';
import { loadTexts } from './texts.js';

let policy = NO_POLICY;
let isAbandoned = false;

const post = (message: FromWorker): void => void process.send?.(message);

/** Queries that the main process makes for this one. */
const lookUps = new Map<number, (answers: TerminologyAnswer[]) => void>();
let lastId = 0;
const source: TerminologySource = {
  ask: (questions) =>
    new Promise((resolve) => {
      lastId += 1;
      lookUps.set(lastId, resolve);
      post({ kind: 'look-up', id: lastId, questions });
    }),
};

/** Stands for a part that only the main process has: pages state that it is there, and nothing here calls it. */
const ELSEWHERE = {};

async function open({ config: sent, has }: WorkerStart): Promise<JobServer> {
  const config = { ...sent, ehrs: [], launchKey: undefined, writer: { name: 'worker', clock: () => new Date() } };
  const { library, written } = await openForWorker({ ...config, readOnly: true }, () => policy);
  const parts = {
    config,
    library,
    ...(has.written ? { written } : {}),
    feedback: has.feedback ? (ELSEWHERE as FeedbackQueue) : undefined,
    handedOver: has.handedOver ? (ELSEWHERE as HandedOverRecord) : undefined,
  };
  const { routes } = createRoutes(parts, loadTexts(config.resourcesDir), has.upstream ? source : undefined);
  const heavy = routes.filter(({ isHeavy }) => isHeavy);
  const server = new JobServer({
    routes: heavy,
    library,
    builder: new AnswerBuilder(headerTableOf(config)),
    isAbandoned: () => isAbandoned,
    isWrite: (error) => error instanceof MustWriteError,
  });
  // Between jobs: swaps are noticed, and what the rows need of a release is prepared.
  setInterval(() => void server.whenIdle(() => library.follow()), LIMITS.followEveryMs);
  keepPrepared(heavy, library, LIMITS.prepareEveryMs);
  // What cannot be read now is read, and reported, by the job that needs it.
  void readVocabulary(config.resourcesDir)
    .ready?.()
    .catch(() => undefined);
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
    lookUps.get(message.id)?.(message.answers);
    lookUps.delete(message.id);
  }
});
// It ends with the main process, which lets it finish what is in flight: signals to the whole group are not for it.
process.on('disconnect', () => process.exit());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
