import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';

/** First 16 hexadecimal digits of the SHA-256: enough to tell equal bytes from others. */
export function digest(bytes: Uint8Array): string {
  return toHex(sha256(bytes)).slice(0, 16);
}

/** The numbers' bytes in the order that x86 and ARM hold them. */
export function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
