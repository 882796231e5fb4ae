import type { Size } from '@semblance/proto/task';
import type { Artifacts } from '../artifacts/artifacts.ts';
import { invalidField } from '../errors.ts';
import type { ImagesOrder, PictureName } from '../jobs/order.ts';
import type { ModelView } from '../views.ts';
import { toMaskPng, toPng } from './convert.ts';
import type { PictureSource } from './source.ts';
import { openUpload, type Upload } from './upload.ts';

/** An order as it goes onto the chain: its size is settled, its pictures are files of that size. */
export interface PreparedOrder extends Omit<ImagesOrder, 'size' | 'pictures'> {
  readonly size: Size;
  /** In the order in which the task names them. */
  readonly inputs: readonly Uint8Array[];
}

/** Brings the pictures of an order into the form that the chain takes. Throws ApiError. */
export async function prepareOrder(
  { size: asked, pictures, ...order }: ImagesOrder,
  artifacts: Artifacts,
  { maxFileBytes }: { readonly maxFileBytes: number },
): Promise<PreparedOrder> {
  const uploads = new Map<PictureName, Upload>();
  for (const [name, source] of pictures) {
    uploads.set(name, await openUpload(name, await fileOf(name, source, artifacts)));
  }
  assertSameSize(uploads);
  const size = asked ?? usualSize(order, uploads);
  const inputs: Uint8Array[] = [];
  for (const [name, upload] of uploads) inputs.push(await convert(name, upload, size));
  const bytes = inputs.reduce((sum, { length }) => sum + length, 0);
  if (bytes > maxFileBytes) {
    const reason = `too much detail: ${bytes} bytes as PNG, at most ${maxFileBytes}`;
    throw invalidField(pictures[0]?.[0] ?? 'image', reason, 'image_too_large');
  }
  return { ...order, size, inputs };
}

async function fileOf(
  name: PictureName,
  source: PictureSource,
  artifacts: Artifacts,
): Promise<Uint8Array> {
  if ('file' in source) return source.file;
  const file = await artifacts(source.sha256);
  if (file) return file;
  throw invalidField(name, 'the network knows no file with this hash', 'artifact_not_found');
}

function convert(name: PictureName, upload: Upload, size: Size): Promise<Uint8Array> {
  if (name === 'mask') return toMaskPng(upload, size);
  return toPng(upload, size, name === 'control_image' ? 'black' : 'white');
}

/** Both are fitted alike, so that the mask stays where it was drawn. */
function assertSameSize(uploads: ReadonlyMap<PictureName, Upload>): void {
  const [image, mask] = [uploads.get('image'), uploads.get('mask')];
  if (!image || !mask || sameSize(image.size, mask.size)) return;
  const [was, is] = [mask.size, image.size];
  throw invalidField(
    'mask',
    `${was.width}x${was.height} pixels, the image ${is.width}x${is.height}`,
  );
}

/** That of the picture where the model takes it; an enlargement must not be of something smaller. */
function usualSize(
  { model, mode }: Pick<ImagesOrder, 'model' | 'mode'>,
  uploads: ReadonlyMap<PictureName, Upload>,
): Size {
  const { defaults, limits } = model;
  const own = uploads.get('image')?.size;
  if (own && takes(limits, own)) return own;
  if (mode !== 'upscale') return { width: defaults.width, height: defaults.height };
  const { min_size: min, max_size: max, size_multiple: multiple } = limits;
  const found = `${own?.width}x${own?.height} pixels`;
  const reason = `${found}; sides are multiples of ${multiple} from ${min} to ${max}, or give a size`;
  throw invalidField('image', reason);
}

function takes(limits: ModelView['limits'], { width, height }: Size): boolean {
  return [width, height].every(
    (side) =>
      side >= limits.min_size && side <= limits.max_size && side % limits.size_multiple === 0,
  );
}

function sameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}
