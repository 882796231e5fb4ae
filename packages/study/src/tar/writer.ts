import { BLOCK, checksumOf, padding } from './header.ts';

const MAX_NAME = 100;

/**
 * One file of a tar archive: ustar header, content, and what fills the last block. Owner and times
 * are zero, so that the same files make the same archive. `name` is 1 to 100 bytes of ASCII.
 */
export function tarEntry(name: string, content: Uint8Array): Uint8Array {
  const length = BLOCK + content.length + padding(content.length);
  const entry = new Uint8Array(length);
  entry.set(headerOf(name, content.length));
  entry.set(content, BLOCK);
  return entry;
}

/** The two empty blocks after the last file. */
export const TAR_END: Uint8Array = new Uint8Array(2 * BLOCK);

function headerOf(name: string, size: number): Uint8Array {
  if (!/^[\x21-\x7e]+$/.test(name) || name.length > MAX_NAME) {
    throw new RangeError(`not a plain name of at most ${MAX_NAME} characters: ${name}`);
  }
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 'latin1');
  header.write('0000644\0', 100, 'latin1');
  header.write('0000000\0', 108, 'latin1');
  header.write('0000000\0', 116, 'latin1');
  header.write(`${octal(size, 11)} `, 124, 'latin1');
  header.write(`${octal(0, 11)} `, 136, 'latin1');
  header.write('0', 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  header.write(`${octal(checksumOf(header), 6)}\0 `, 148, 'latin1');
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
