/**
 * A path under an endpoint that a node registered, or undefined when the endpoint is none we call:
 * anything but plain http(s) without credentials, query or fragment.
 */
export function endpointUrl(endpoint: string, path: string): URL | undefined {
  if (endpoint.length > 256 || !URL.canParse(endpoint)) return undefined;
  const url = new URL(endpoint);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  if (url.username || url.password || url.search || url.hash) return undefined;
  url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
  return url;
}
