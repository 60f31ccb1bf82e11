/** Publishes the result that the first argument holds as JSON, as a step of a job would. */
import { publish } from '../../src/report/runner.ts';

const [, , result = '', tempDir = ''] = process.argv;
await publish(JSON.parse(result), { tempDir, env: process.env });
