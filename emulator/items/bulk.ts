import { type Answer, ok } from '../http/request.ts';

export type BulkAction = 'INSERT' | 'UPDATE' | 'PATCH' | 'DELETE';

/** What became of one element of a bulk call. */
interface BulkResult {
  readonly action: BulkAction;
  readonly id: string;
  readonly error?: { readonly code: string; readonly description: string };
  readonly dataItem?: unknown;
  readonly dataItemReference?: unknown;
}

/** The answer to a bulk call: 200, whatever became of its elements (wix-api.md 6.4). */
export function bulkAnswer(
  results: readonly BulkResult[],
  metadata: 'itemMetadata' | 'referenceMetadata',
): Answer {
  const failures = results.filter(({ error }) => error !== undefined).length;
  return ok({
    results: results.map(({ action, id, error, dataItem, dataItemReference }, originalIndex) => ({
      action,
      [metadata]: {
        id,
        originalIndex,
        success: error === undefined,
        ...(error !== undefined && {
          error: { code: error.code, description: error.description, data: {} },
        }),
      },
      ...(dataItem !== undefined && { dataItem }),
      ...(dataItemReference !== undefined && { dataItemReference }),
    })),
    bulkActionMetadata: {
      totalSuccesses: results.length - failures,
      totalFailures: failures,
      undetailedFailures: 0,
    },
  });
}
