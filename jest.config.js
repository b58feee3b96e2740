/** @type {import('jest').Config} */
export default {
  testEnvironment: '<rootDir>/tests/support/plain-sandbox.js',
  testRunner: '<rootDir>/tests/support/shared-sandbox.js',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: {
    '/start-worker\\.js$': '<rootDir>/tests/support/start-worker.ts',
    '/start-print-worker\\.js$': '<rootDir>/tests/support/start-print-worker.ts',
    '/start-pdf-process\\.js$': '<rootDir>/tests/support/start-pdf-process.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: { '^.+\\.tsx?$': '<rootDir>/tests/support/transform.js' },
  globalSetup: '<rootDir>/tests/support/run-folder.js',
  globalTeardown: '<rootDir>/tests/support/end-run.js',
  testSequencer: '<rootDir>/tests/support/longest-first.js',
  reporters: ['default', '<rootDir>/tests/count-reporter.js'],
  // Ends what hangs, and nothing else: a machine may be slow.
  testTimeout: 300_000,
  // Two more than the cores of the gate's machine: suites of faults and of browsers wait for a quarter of their time.
  maxWorkers: 4,
  // Modules of finished suites stay in a worker's memory: one that holds much is replaced, which
  // evaluates them all again: in a whole run none does.
  workerIdleMemoryLimit: '1600MB',
};
