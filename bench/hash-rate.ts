import { spawnSync } from 'node:child_process';
import { hashImage } from '@semblance/perceptual-hash/hashes';
import type { Image } from '@semblance/perceptual-hash/image';
import { secondsOf } from './measure.ts';

const SIDE = 128;
const IMAGES = 400;

/** The same work in Python: four hashes of each image, decoding not counted on either side. */
const PYTHON = `
import random, time
import imagehash
from PIL import Image
side, count = ${SIDE}, ${IMAGES}
random.seed(1)
images = [Image.frombytes("RGB", (side, side), random.randbytes(side * side * 3)) for _ in range(20)]
def hashes(image):
    imagehash.average_hash(image); imagehash.phash(image)
    imagehash.dhash(image); imagehash.colorhash(image)
hashes(images[0])
start = time.perf_counter()
for n in range(count): hashes(images[n % 20])
print(count / (time.perf_counter() - start))
`;

/** Images a second through all four hashes, beside Python's imagehash in the same run. */
export async function hashRate() {
  const images = Array.from({ length: 20 }, (_, n) => noise(n));
  const seconds = await secondsOf(() => {
    for (let n = 0; n < IMAGES; n++) hashImage(images[n % images.length] as Image);
  });
  const ours = IMAGES / seconds;
  const python = pythonRate();
  return {
    name: 'hash rate',
    ours: `${ours.toFixed(0)} images/s (${SIDE} px, four hashes, one core)`,
    beside: python
      ? `${python.toFixed(0)} images/s in Python imagehash`
      : 'Python imagehash absent',
    ratio: python ? ours / python : undefined,
    aim: undefined,
  };
}

function noise(seed: number): Image {
  const data = new Uint8Array(SIDE * SIDE * 3);
  let state = seed + 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[i] = state >>> 24;
  }
  return { width: SIDE, height: SIDE, channels: 3, data };
}

function pythonRate(): number | undefined {
  const python = process.env.PYTHON ?? 'python3';
  const { status, stdout } = spawnSync(python, ['-c', PYTHON], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}
