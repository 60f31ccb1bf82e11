import { invalid } from '../http/failures.ts';
import { isObject, type Json, type JsonObject, listAt, textAt, valueAt } from '../json.ts';

/** An item after the modifications of a patch (wix-api.md 6.4). Throws 400 for an unknown action. */
export function patched(item: JsonObject, patch: Json): JsonObject {
  return (listAt(patch, 'fieldModifications') ?? []).reduce<JsonObject>(modified, item);
}

/** The fields that a patch speaks of. */
export function patchedKeys(patch: Json): string[] {
  return (listAt(patch, 'fieldModifications') ?? []).map(
    (modification) => textAt(modification, 'fieldPath')?.split('.')[0] ?? '',
  );
}

function modified(item: JsonObject, modification: Json): JsonObject {
  const path = textAt(modification, 'fieldPath') ?? '';
  const found = jsonAt(item, path);
  const list: readonly Json[] = Array.isArray(found) ? found : [];
  const given = (options: string) => jsonAt(modification, `${options}.value`) ?? null;
  switch (textAt(modification, 'action')) {
    case 'SET_FIELD':
      return withValue(item, path.split('.'), given('setFieldOptions'));
    case 'REMOVE_FIELD':
      return withValue(item, path.split('.'), undefined);
    case 'INCREMENT_FIELD': {
      const sum = Number(found ?? 0) + Number(given('incrementFieldOptions'));
      return withValue(item, path.split('.'), sum);
    }
    case 'APPEND_TO_ARRAY':
      return withValue(item, path.split('.'), [...list, given('appendToArrayOptions')]);
    case 'REMOVE_FROM_ARRAY': {
      const gone = JSON.stringify(given('removeFromArrayOptions'));
      const left = list.filter((value) => JSON.stringify(value) !== gone);
      return withValue(item, path.split('.'), left);
    }
    default: {
      const field = 'patch.fieldModifications.action';
      throw invalid([{ field, description: 'is no action', violatedRule: 'OTHER' }]);
    }
  }
}

function jsonAt(value: Json, path: string): Json | undefined {
  // Everything inside JSON is JSON.
  return valueAt(value, path) as Json | undefined;
}

function withValue(
  item: JsonObject,
  [first = '', ...rest]: readonly string[],
  value: Json | undefined,
): JsonObject {
  const { [first]: held, ...others } = item;
  if (rest.length > 0) {
    return { ...item, [first]: withValue(isObject(held) ? held : {}, rest, value) };
  }
  return value === undefined ? others : { ...item, [first]: value };
}
