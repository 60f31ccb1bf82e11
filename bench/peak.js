/** Loaded into a process that is measured: leaves behind how much memory it had. */
import { writeFileSync } from 'node:fs';

process.once('exit', () => {
  const { maxRSS } = process.resourceUsage();
  writeFileSync(process.env.BENCH_PEAK_FILE ?? '', String(maxRSS * 1024));
});
