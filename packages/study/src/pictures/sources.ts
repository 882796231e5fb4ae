import { createReadStream, type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';
import { InvalidInputError } from '@semblance/core/errors';
import { readTar, TarError } from '../tar/reader.ts';
import { MAX_PICTURE_BYTES, type PictureFault, tooLarge } from './decode.ts';
import { unzipped } from './unzip.ts';

/** A picture to hash: a file to read, or the bytes of one that came in a stream. */
export interface Picture {
  /** Tells it from all others; forward slashes. A label only, which nothing opens. */
  readonly path: string;
  readonly content: { readonly file: string } | { readonly bytes: Uint8Array };
}

/** What has no hashes, and why. */
export interface Skipped {
  readonly path: string;
  readonly fault: PictureFault | 'damaged-tar' | 'linked-folder' | 'repeated';
  readonly reason: string;
}

const PICTURE = /\.(jpe?g|png|webp)$/i;
/** As long as a file's path may be; what is longer in an archive was made to be a nuisance. */
const MAX_PATH = 4096;
const TAR = /\.(tar|tar\.gz|tgz)$/i;

/**
 * The pictures in folders, with all below them, and in tar archives, plain or gzip, which are
 * walked like folders. A picture's path is that of its source followed by its own inside. What is
 * no picture by its name is passed over, links to folders too.
 *
 * @throws InvalidInputError for a source that is not there or of no such kind
 */
export async function* picturesIn(sources: readonly string[]): AsyncGenerator<Picture | Skipped> {
  for (const source of sources) await assertSource(source);
  for (const source of sources) {
    const path = posix.normalize(source.split(sep).join('/')).replace(/(?<=.)\/$/, '');
    yield* picturesAt(path, source);
  }
}

/** The pictures of a tar archive, plain or gzip, from a stream such as standard input. */
export async function* picturesInTar(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Picture | Skipped> {
  const isPicture = ({ name, size }: { name: string; size: number }) =>
    PICTURE.test(name) && name.length <= MAX_PATH && size <= MAX_PICTURE_BYTES;
  try {
    for await (const { name, bytes } of readTar(unzipped(chunks), isPicture)) {
      if (!PICTURE.test(name) || name.length > MAX_PATH) continue;
      const inside = `${path}/${name.replace(/^(\.\/)+/, '')}`;
      if (bytes !== undefined) yield { path: inside, content: { bytes } };
      else yield { path: inside, fault: 'too-large', reason: tooLarge().message };
    }
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    yield { path, fault: 'damaged-tar', reason: error.message };
  }
}

async function assertSource(source: string): Promise<void> {
  const kind = await stat(source).catch((cause: NodeJS.ErrnoException) => {
    const reason =
      cause.code === 'ENOENT' ? 'no such file or folder' : `cannot open: ${cause.code}`;
    throw new InvalidInputError(source, reason, { cause });
  });
  if (kind.isDirectory()) return;
  if (!kind.isFile() || !(PICTURE.test(source) || TAR.test(source))) {
    throw new InvalidInputError(
      source,
      'neither a folder, a tar file nor a JPEG, PNG or WebP file',
    );
  }
}

async function* picturesAt(path: string, file: string): AsyncGenerator<Picture | Skipped> {
  if ((await stat(file)).isDirectory()) yield* picturesInFolder(path, file);
  else yield* picturesInFile(path, file);
}

async function* picturesInFile(path: string, file: string): AsyncGenerator<Picture | Skipped> {
  if (PICTURE.test(file)) yield { path, content: { file } };
  else if (TAR.test(file)) yield* picturesInTar(path, createReadStream(file));
}

async function* picturesInFolder(path: string, folder: string): AsyncGenerator<Picture | Skipped> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    yield { path, fault: 'unreadable', reason: `cannot be read (${code})` };
    return;
  }
  // Nearly the order of the results, so that writing them sorted reads what was written in turn.
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const inside = posix.join(path, entry.name);
    const file = join(folder, entry.name);
    if (entry.isDirectory()) yield* picturesInFolder(inside, file);
    else if (entry.isFile()) yield* picturesInFile(inside, file);
    else if (entry.isSymbolicLink()) yield* picturesBehindLink(inside, file);
  }
}

/** A link to a file stands for the file; one to a folder could lead round in a circle. */
async function* picturesBehindLink(path: string, link: string): AsyncGenerator<Picture | Skipped> {
  const target = await stat(link).catch(() => undefined);
  if (target?.isDirectory()) yield { path, fault: 'linked-folder', reason: 'a link to a folder' };
  else if (target?.isFile()) yield* picturesInFile(path, link);
  else if (PICTURE.test(link)) yield { path, fault: 'unreadable', reason: 'a link to nothing' };
}
