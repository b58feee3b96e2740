import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import circus from 'jest-circus/runner';

if (process.env.TEST_ENGINE_FLAGS) setFlagsFromString(process.env.TEST_ENGINE_FLAGS);

/** The sandbox of this worker: the one that Jest created for its first suite, and the environment variables it began with. */
let shared;

/** Storages that carry a value along with asynchronous work, and have done so since the suite before. */
const storages = new Set();
for (const name of ['run', 'enterWith']) {
  const original = AsyncLocalStorage.prototype[name];
  AsyncLocalStorage.prototype[name] = function (...args) {
    storages.add(this);
    return original.apply(this, args);
  };
}

/**
 * Node runs code for each storage that was ever used whenever a Promise is made, until the storage is disabled: those of stopped
 * servers would slow all later suites down. One that is used again is enabled again.
 */
function disableStorages() {
  for (const storage of storages) storage.disable();
  storages.clear();
}

/**
 * Runs the suites of a worker in one sandbox. By itself Jest creates a sandbox for each file and evaluates every module in it again,
 * which costs more than most suites do. Here a worker evaluates each module once. A suite is still one file, and Jest runs, reports
 * and finds it as ever. What a suite may leave behind is undone before the next one: environment variables, mocks, fake timers.
 *
 * A suite that must evaluate modules anew, because it changes what they read when they load, begins with a comment that holds
 * `@own-sandbox`.
 */
export default async function runSuite(globalConfig, config, environment, runtime, testPath, send) {
  const run = (own) => circus.default(globalConfig, config, own.environment, own.runtime, testPath, send);
  // A watcher expects changed modules to be read again.
  if (globalConfig.watch || globalConfig.watchAll || needsOwn(testPath)) return run({ environment, runtime });
  if (shared === undefined) keep(environment, runtime);
  else prepare(environment, runtime);
  return run(shared);
}

const needsOwn = (testPath) => /^\/\*\*[^/]*@own-sandbox/.test(readFileSync(testPath, 'utf8'));

/** Jest tears a sandbox down behind its suite; this one stays until the worker ends. */
function keep(environment, runtime) {
  shared = { environment, runtime, env: { ...environment.global.process.env } };
  runtime.teardown = () => undefined;
  environment.teardown = async () => undefined;
}

/** Prepares the shared sandbox for a suite, for which Jest created an environment and a runtime that stay unused. */
function prepare(environment, runtime) {
  const { global, fakeTimersModern } = shared.environment;
  disableStorages();
  const { env } = global.process;
  for (const name of Object.keys(env)) if (!(name in shared.env)) delete env[name];
  Object.assign(env, shared.env);
  fakeTimersModern.useRealTimers();
  shared.runtime.restoreAllMocks();
  // Between tests nothing may be imported; what stands at the top of a suite may import.
  shared.runtime.enterTestCode();
  forgetTests(global);
  global.console = environment.global.console;
  // Jest reads a failure's lines in the source through the runtime that it created.
  runtime.getSourceMaps().get = (path) => shared.runtime.getSourceMaps().get(path);
}

/** jest-circus keeps the tests of a file in its sandbox: what it begins with there is an empty root, and its own two listeners. */
function forgetTests(global) {
  const key = Object.getOwnPropertySymbols(global).find(({ description }) => description === 'JEST_STATE_SYMBOL');
  const { rootDescribeBlock: root } = global[key];
  Object.assign(root, { children: [], hooks: [], tests: [], mode: undefined });
  Object.assign(global[key], {
    currentDescribeBlock: root,
    currentlyRunningTest: null,
    hasFocusedTests: false,
    hasStarted: false,
    testNamePattern: null,
    unhandledErrors: [],
    unhandledRejectionErrorByPromise: new Map(),
  });
  global[Symbol.for('EVENT_HANDLERS')].length = 2;
  delete global[Symbol.for('TEST_TIMEOUT_SYMBOL')];
}
