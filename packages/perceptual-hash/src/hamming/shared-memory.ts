/** Memory that threads share; a page that is not cross-origin isolated gets memory of its own. */
export function shareable(bytes: number): ArrayBufferLike {
  return typeof SharedArrayBuffer === 'undefined'
    ? new ArrayBuffer(bytes)
    : new SharedArrayBuffer(bytes);
}
