import sharp from 'sharp';

/**
 * A picture in half blocks: each character cell carries two pixels, so `columns` cells wide gives
 * square pixels. Empty where the terminal cannot show 24-bit colour.
 */
export async function pictureLines(file: string | Uint8Array, columns = 32): Promise<string[]> {
  if (!process.stdout.isTTY || process.stdout.getColorDepth() < 24) return [];
  const { data, info } = await sharp(file)
    .resize({ width: columns, kernel: 'lanczos3' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const colour = (x: number, y: number) => {
    const at = (y * info.width + x) * info.channels;
    return `${data[at]};${data[at + 1]};${data[at + 2]}`;
  };
  const lines: string[] = [];
  for (let y = 0; y + 1 < info.height; y += 2) {
    let line = '';
    for (let x = 0; x < info.width; x++) {
      line += `\x1b[38;2;${colour(x, y)}m\x1b[48;2;${colour(x, y + 1)}m▀`;
    }
    lines.push(`${line}\x1b[0m`);
  }
  return lines;
}
