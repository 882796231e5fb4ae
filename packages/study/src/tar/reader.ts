import { SemblanceError } from '@semblance/core/errors';
import { ByteReader } from './byte-reader.ts';
import { BLOCK, padding, parsePax, parseTarHeader, type TarHeader, text } from './header.ts';

export interface TarFile {
  readonly name: string;
  readonly size: number;
  /** Undefined where the content was not asked for. */
  readonly bytes: Uint8Array | undefined;
}

/** The archive breaks off or is malformed; `position` is the byte where reading stopped. */
export class TarError extends SemblanceError<'DAMAGED_TAR', { reason: string; position: number }> {
  constructor(reason: string, position: number, options?: { cause?: unknown }) {
    super('DAMAGED_TAR', `${reason} at byte ${position}`, { reason, position }, options);
  }
}

/** Long names and pax records are held in memory; real ones have a few hundred bytes. */
const MAX_EXTENSION_BYTES = 1 << 20;

/**
 * The files of a tar archive in their order; folders, links and devices are passed over. Holds one
 * file at a time, and of those that are not wanted nothing.
 *
 * @throws TarError after the last whole file when the archive does not end as it should
 */
export async function* readTar(
  chunks: AsyncIterable<Uint8Array>,
  isWanted: (file: { readonly name: string; readonly size: number }) => boolean,
): AsyncGenerator<TarFile> {
  const reader = new ByteReader(chunks);
  try {
    for (;;) {
      const header = await nextHeader(reader);
      if (header === undefined) return;
      const { name, size, type } = header;
      const isFile = type === '0' || type === '7';
      const bytes = isFile && isWanted({ name, size }) ? await exactly(reader, size) : undefined;
      if (bytes === undefined) await pass(reader, size);
      await pass(reader, padding(size));
      if (isFile) yield { name, size, bytes };
    }
  } catch (cause) {
    if (cause instanceof SemblanceError) throw cause;
    // zlib's words for a damaged stream, or the file system's.
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TarError(reason, reader.position, { cause });
  } finally {
    await reader.close();
  }
}

/** The next header with what the extensions before it say, or undefined at the end mark. */
async function nextHeader(reader: ByteReader): Promise<TarHeader | undefined> {
  let extension: Partial<TarHeader> = {};
  for (;;) {
    const block = await reader.read(BLOCK);
    if (block.length === 0) throw new TarError('ends without an end mark', reader.position);
    if (block.length < BLOCK) throw new TarError('truncated', reader.position);
    if (block.every((byte) => byte === 0)) return undefined;
    const header = parseTarHeader(block);
    if (typeof header === 'string') throw new TarError(header, reader.position - BLOCK);
    switch (header.type) {
      case 'x':
        extension = { ...extension, ...(await readPax(reader, header.size)) };
        break;
      case 'L':
        extension = { ...extension, name: text(await readExtension(reader, header.size)) };
        break;
      case 'g':
      case 'K':
        await readExtension(reader, header.size);
        break;
      default:
        return { ...header, ...extension };
    }
  }
}

async function readPax(reader: ByteReader, size: number): Promise<Partial<TarHeader>> {
  const at = reader.position;
  const fields = parsePax(await readExtension(reader, size));
  if (fields === undefined) throw new TarError('malformed pax records', at);
  const name = fields.get('path');
  const length = fields.get('size');
  if (length !== undefined && !/^\d{1,15}$/.test(length)) {
    throw new TarError('a size that is no number', at);
  }
  const isSparse = [...fields.keys()].some((key) => key.startsWith('GNU.sparse.'));
  return {
    ...(name !== undefined && { name }),
    ...(length !== undefined && { size: Number(length) }),
    // What is stored of a sparse file is not its content.
    ...(isSparse && { type: 'S' }),
  };
}

async function readExtension(reader: ByteReader, size: number): Promise<Uint8Array> {
  if (size > MAX_EXTENSION_BYTES) {
    throw new TarError(`more than ${MAX_EXTENSION_BYTES} bytes of name`, reader.position);
  }
  const bytes = await exactly(reader, size);
  await pass(reader, padding(size));
  return bytes;
}

async function exactly(reader: ByteReader, length: number): Promise<Uint8Array> {
  const bytes = await reader.read(length);
  if (bytes.length < length) throw new TarError('truncated', reader.position);
  return bytes;
}

async function pass(reader: ByteReader, length: number): Promise<void> {
  if ((await reader.skip(length)) < length) throw new TarError('truncated', reader.position);
}
