import type { FailureReason } from '../../src/errors.ts';

/** What `failure-reason` means. */
export const reasons: Readonly<Record<FailureReason, string>> = {
  config:
    'An input, the configuration file or the workflow is wrong. Nothing was written; an export may have written its other files.',
  auth: 'Wix or GitHub does not let the key or token do this.',
  validation:
    'The files in git hold something that can not be imported. Nothing was written; an export may have written its other files.',
  conflict: 'Git and the CMS both changed something, to different values. Nothing was written.',
  limit:
    'More rows would be removed or changed than the limits allow. Nothing was written; an export may have written its other files.',
  'plan-changed':
    'With `require-plan`: no reviewed plan has shown these changes. Nothing was written.',
  'job-failed': 'A job of Wix failed or is gone. Run again: what has arrived is not sent twice.',
  partial: 'Wix took some rows and rejected others. Each is an annotation on its line.',
  'verify-mismatch':
    'The site holds something else than was sent; for `plan` with `fail-on-drift`, than git has.',
  timeout: 'The jobs took longer than `timeout-minutes`. Run again: an import continues.',
  cancelled: 'The run was cancelled. Run again: an import continues.',
  api: 'Wix or GitHub answered with an error, or not at all.',
};
