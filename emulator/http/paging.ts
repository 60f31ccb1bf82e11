import { isObject, type Json, type JsonObject, numberAt, textAt } from '../json.ts';
import { invalid } from './failures.ts';

/** One page of something, with what the vendor says about it (wix-api.md 1.3). */
export interface CursorPage<T> {
  readonly values: readonly T[];
  readonly pagingMetadata: {
    readonly count: number;
    readonly cursors: { readonly next: string | null; readonly prev: string | null };
    readonly hasNext: boolean;
  };
}

/** What a request says about its page. A cursor carries the `query` of the first page. */
export interface PageRequest {
  readonly limit: number;
  readonly offset: number;
  readonly query: Json;
}

/**
 * Reads `paging` (`{limit, cursor}`); `query` is what the request asks for otherwise.
 * Throws 400 for a limit over `most` or below 1, and for a cursor that the emulator did not make.
 */
export function pageRequest(
  paging: JsonObject,
  query: Json,
  sizes: { readonly normal: number; readonly most: number },
  field = 'paging',
): PageRequest {
  const limit = limitOf(paging, sizes, field);
  const cursor = textAt(paging, 'cursor');
  if (cursor === undefined || cursor === '') return { limit, offset: 0, query };
  const carried = parseCursor(cursor);
  if (carried === undefined) {
    throw invalid([
      { field: `${field}.cursor`, description: 'is not a valid cursor', violatedRule: 'FORMAT' },
    ]);
  }
  return { limit, ...carried };
}

/** Cuts the page out of all the values. */
export function cursorPage<T>(
  all: readonly T[],
  { limit, offset, query }: PageRequest,
): CursorPage<T> {
  const values = all.slice(offset, offset + limit);
  const hasNext = offset + limit < all.length;
  const at = (from: number) =>
    Buffer.from(JSON.stringify({ offset: from, query })).toString('base64url');
  return {
    values,
    pagingMetadata: {
      count: values.length,
      cursors: {
        next: hasNext ? at(offset + limit) : null,
        prev: offset > 0 ? at(Math.max(0, offset - limit)) : null,
      },
      hasNext,
    },
  };
}

/** Cuts a page out by `paging.offset`; the total is there where the payload asks for it. */
export function offsetPage<T>(
  all: readonly T[],
  payload: JsonObject,
  paging: JsonObject,
  limit: number,
) {
  const offset = numberAt(paging, 'offset') ?? 0;
  const values = all.slice(offset, offset + limit);
  return {
    values,
    pagingMetadata: {
      count: values.length,
      offset,
      ...(payload.returnTotalCount === true && { total: all.length }),
      tooManyToCount: false,
      hasNext: offset + limit < all.length,
    },
  };
}

/** The limit of a page; throws 400 when it is out of range. */
export function limitOf(
  paging: JsonObject,
  sizes: { readonly normal: number; readonly most: number },
  field = 'paging',
): number {
  const limit = numberAt(paging, 'limit') ?? sizes.normal;
  if (limit > sizes.most) {
    throw invalid([
      {
        field: `${field}.limit`,
        description: `must be less than or equal to ${sizes.most}`,
        violatedRule: 'MAX_VALUE',
      },
    ]);
  }
  if (!Number.isInteger(limit) || limit < 1) {
    throw invalid([
      {
        field: `${field}.limit`,
        description: 'must be a whole number of at least 1',
        violatedRule: 'MIN_VALUE',
      },
    ]);
  }
  return limit;
}

function parseCursor(cursor: string): { offset: number; query: Json } | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!isObject(parsed) || typeof parsed.offset !== 'number') return undefined;
    return { offset: parsed.offset, query: parsed.query ?? null };
  } catch {
    return undefined;
  }
}
