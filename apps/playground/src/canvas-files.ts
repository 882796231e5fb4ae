import type { Pixels } from './pixel-difference.ts';
import { drawStrokes, type Stroke } from './strokes.ts';

/* Pictures that are made in this page, as files and pixels. */

/** A mask as OpenAI has it: opaque, and see-through where to paint. */
export function maskFile(strokes: readonly Stroke[], side: number): Promise<Blob> {
  const [canvas, pen] = squareCanvas(side);
  pen.fillStyle = '#000';
  pen.fillRect(0, 0, side, side);
  pen.globalCompositeOperation = 'destination-out';
  drawStrokes(pen, strokes, side);
  return canvas.convertToBlob({ type: 'image/png' });
}

/** White strokes on black. */
export function drawnPixels(strokes: readonly Stroke[], side: number): Pixels {
  const [, pen] = squareCanvas(side);
  pen.fillStyle = '#000';
  pen.fillRect(0, 0, side, side);
  pen.strokeStyle = '#fff';
  drawStrokes(pen, strokes, side);
  return pen.getImageData(0, 0, side, side);
}

/** A picture file, made to cover a square. Throws when it is none. */
export async function fittedPixels(file: Blob, side: number): Promise<Pixels> {
  const whole = await createImageBitmap(file);
  const scale = side / Math.min(whole.width, whole.height);
  const [width, height] = [whole.width * scale, whole.height * scale];
  const [, pen] = squareCanvas(side);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(whole, (side - width) / 2, (side - height) / 2, width, height);
  whole.close();
  return pen.getImageData(0, 0, side, side);
}

export async function dataUrlOf({ width, height, data }: Pixels): Promise<string> {
  const canvas = new OffscreenCanvas(width, height);
  penOf(canvas).putImageData(new ImageData(data, width, height), 0, 0);
  const bytes = new Uint8Array(
    await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer(),
  );
  return `data:image/png;base64,${btoa(String.fromCharCode(...bytes))}`;
}

function squareCanvas(side: number) {
  const canvas = new OffscreenCanvas(side, side);
  return [canvas, penOf(canvas)] as const;
}

function penOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (pen === null) throw new Error('This browser cannot draw.');
  return pen;
}
