/** Publishes the result that the first argument holds as JSON, as a step of a job would. */
import { styleOf } from '../../src/report/log.ts';
import { publish } from '../../src/report/publish.ts';
import { runnerOf } from '../../src/report/runner.ts';
import { createSecrets } from '../../src/report/secrets.ts';

const { argv, env } = process;
const [, , result = '', tempDir = '', secret = ''] = argv;
const { add, redact } = createSecrets();
add(secret);
const style = styleOf(env, false);
await publish(JSON.parse(result), { runner: runnerOf(env), style, redact, tempDir });
