import usual from './jest.config.js';

/** What `npm run test:all` plays besides: every matrix, long histories, fuzz. */
/** @type {import('jest').Config} */
export default { ...usual, testMatch: ['**/*.long.test.ts'] };
