import { TAR_END, tarEntry } from '../../src/tar/writer.ts';

/** A tar archive in memory. */
export function tarOf(files: readonly (readonly [string, Uint8Array])[]): Buffer {
  return Buffer.concat([...files.map(([name, bytes]) => tarEntry(name, bytes)), TAR_END]);
}
