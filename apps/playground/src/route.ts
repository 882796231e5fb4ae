/** Where the visitor is; the part of the address after `#`. */
export type Route =
  | { readonly page: 'create' }
  | { readonly page: 'jobs' }
  /** `next`: what follows by itself once the job has its picture. */
  | { readonly page: 'job'; readonly id: string; readonly next: 'enlarge' | null }
  | { readonly page: 'nodes' }
  | { readonly page: 'blocks' }
  | { readonly page: 'unknown' };

/** Reads an address such as `#/jobs/3fa9…`. */
export function routeOf(hash: string): Route {
  const path = hash.replace(/^#\/?/, '').replace(/\/$/, '');
  if (path === '') return { page: 'create' };
  if (path === 'jobs' || path === 'nodes' || path === 'blocks') return { page: path };
  const [, id, next] = /^jobs\/([0-9a-f]{64})(\/enlarge)?$/i.exec(path) ?? [];
  if (id === undefined) return { page: 'unknown' };
  return { page: 'job', id: id.toLowerCase(), next: next === undefined ? null : 'enlarge' };
}

export function jobHref(id: string): string {
  return `#/jobs/${id}`;
}

/** The job's page, which asks for the picture twice as large as soon as there is one. */
export function enlargingHref(id: string): string {
  return `${jobHref(id)}/enlarge`;
}
