/** @type {import('jest').Config} */
export default {
  roots: ['<rootDir>/test'],
  // The others are those of jest.long.config.js.
  testMatch: ['**/!(*.long).test.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
      },
    ],
  },
  // Most tests wait for processes that they started: one worker more than a CI machine has cores.
  maxWorkers: 3,
  // What a file loaded stays in its worker, and a large process starts git more slowly than a small one.
  workerIdleMemoryLimit: '120MB',
  testTimeout: 60_000,
};
