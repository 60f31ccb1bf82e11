import type { Scope } from '../auth.ts';
import type { Answer, Request } from '../http/request.ts';
import type { Site } from '../site.ts';
import {
  createCollection,
  deleteCollection,
  getCollection,
  listCollections,
} from './collections.ts';
import { countItems, getItem, type ItemsHost, queryItems } from './queries.ts';
import {
  insertReferences,
  isReferenced,
  queryReferenced,
  removeReferences,
  replaceReferences,
} from './referring.ts';
import { truncate, type Write, writeItem, writeItems } from './writes.ts';

/** An endpoint, and what a key must be allowed to do for it. */
interface Endpoint {
  readonly scope: Scope;
  readonly answer: (site: Site) => Answer;
}

/** The endpoint below `/wix-data/v2` that a request asks for (wix-api.md 6); undefined where there is none. */
export function dataEndpoint(request: Request, host: ItemsHost): Endpoint | undefined {
  const [, , ...path] = request.segments;
  return path[0] === 'collections'
    ? collectionEndpoint(request, path.slice(1).join('/'), host)
    : (fixedEndpoint(request, path.join('/'), host) ??
        (path[0] === 'items' && path.length === 2
          ? itemEndpoint(request, path[1] ?? '', host)
          : undefined));
}

function collectionEndpoint(request: Request, id: string, host: ItemsHost): Endpoint | undefined {
  switch (`${request.method} ${id === '' ? '' : '*'}`) {
    case 'GET ':
      return reading((site) => listCollections(request, site, host.settings));
    case 'GET *':
      return reading((site) => getCollection(id, site));
    case 'POST ':
      return managing((site) => createCollection(request, site));
    case 'DELETE *':
      return managing((site) => deleteCollection(id, site));
    default:
      return undefined;
  }
}

function fixedEndpoint(request: Request, path: string, host: ItemsHost): Endpoint | undefined {
  switch (`${request.method} ${path}`) {
    case 'GET items/query':
    case 'POST items/query':
      return reading((site) => queryItems(request, site, host));
    case 'POST items/count':
      return reading((site) => countItems(request, site, host));
    case 'POST items/query-referenced':
      return reading((site) => queryReferenced(request, site, host));
    case 'POST items/is-referenced':
      return reading((site) => isReferenced(request, site));
    case 'POST items/truncate':
      return writing((site) => truncate(request, site));
    case 'POST items/replace-references':
      return writing((site) => replaceReferences(request, site));
    case 'POST bulk/items/insert-references':
      return writing((site) => insertReferences(request, site));
    case 'POST bulk/items/remove-references':
      return writing((site) => removeReferences(request, site));
    case 'POST items':
      return writing((site) => writeItem('insert', request, site, host));
    default:
      return writeEndpoint(request, path, host);
  }
}

const writes: readonly Write[] = ['insert', 'update', 'save', 'patch', 'remove'];

function writeEndpoint(request: Request, path: string, host: ItemsHost): Endpoint | undefined {
  const write = writes.find((name) => path.endsWith(`items/${name}`));
  if (request.method !== 'POST' || write === undefined) return undefined;
  if (path === `bulk/items/${write}`) {
    return writing((site) => writeItems(write, request, site, host));
  }
  return path === `items/${write}` && write !== 'insert'
    ? writing((site) => writeItem(write, request, site, host))
    : undefined;
}

function itemEndpoint(request: Request, id: string, host: ItemsHost): Endpoint | undefined {
  switch (request.method) {
    case 'GET':
      return reading((site) => getItem(request, id, site, host));
    case 'PUT':
      return writing((site) => writeItem('update', request, site, host, id));
    case 'PATCH':
      return writing((site) => writeItem('patch', request, site, host, id));
    case 'DELETE':
      return writing((site) => writeItem('remove', request, site, host, id));
    default:
      return undefined;
  }
}

function reading(answer: Endpoint['answer']): Endpoint {
  return { scope: 'SCOPE.DC-DATA.READ', answer };
}

function writing(answer: Endpoint['answer']): Endpoint {
  return { scope: 'SCOPE.DC-DATA.WRITE', answer };
}

function managing(answer: Endpoint['answer']): Endpoint {
  return { scope: 'SCOPE.DC-DATA.DATA-COLLECTIONS-MANAGE', answer };
}
