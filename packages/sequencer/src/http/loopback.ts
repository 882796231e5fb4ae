/** Whether only this machine can reach an address that a server listens on. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
  );
}

/** Whether a Host header names this machine. A page elsewhere that points its own name here does not. */
export function isLoopbackHost(header: string | undefined): boolean {
  if (header === undefined || !URL.canParse(`http://${header}`)) return false;
  const url = new URL(`http://${header}`);
  // Nothing but host and port: no path, no user.
  return url.host === header.toLowerCase().replace(/:80$/, '') && isLoopback(url.hostname);
}

export function isLoopbackOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname } = new URL(origin);
  return (protocol === 'http:' || protocol === 'https:') && isLoopback(hostname);
}
