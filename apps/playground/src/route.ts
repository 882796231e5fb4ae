/** Where the visitor is; the part of the address after `#`. */
export type Route =
  | { readonly page: 'create' }
  | { readonly page: 'jobs' }
  | { readonly page: 'job'; readonly id: string }
  | { readonly page: 'nodes' }
  | { readonly page: 'blocks' }
  | { readonly page: 'unknown' };

/** Reads an address such as `#/jobs/3fa9…`. */
export function routeOf(hash: string): Route {
  const path = hash.replace(/^#\/?/, '').replace(/\/$/, '');
  if (path === '') return { page: 'create' };
  if (path === 'jobs' || path === 'nodes' || path === 'blocks') return { page: path };
  const id = /^jobs\/([0-9a-f]{64})$/i.exec(path)?.[1];
  return id === undefined ? { page: 'unknown' } : { page: 'job', id: id.toLowerCase() };
}

export function jobHref(id: string): string {
  return `#/jobs/${id}`;
}
