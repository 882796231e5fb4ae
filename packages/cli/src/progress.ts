import { paint } from './terminal.ts';

/** Lines on the terminal that are drawn over in place; silent where output is not a terminal. */
export interface LiveLines {
  draw(lines: readonly string[]): void;
  /** Wipes the lines, so that what follows stands in their place. */
  clear(): void;
}

export function liveLines(stream: NodeJS.WriteStream = process.stderr): LiveLines {
  let drawn = 0;
  if (!stream.isTTY) return { draw: () => {}, clear: () => {} };
  const wipe = () => {
    if (drawn > 0) stream.write(`\x1b[${drawn}A\x1b[0J`);
    drawn = 0;
  };
  return {
    draw(lines) {
      wipe();
      const columns = stream.columns || 80;
      stream.write(lines.map((line) => `${clip(line, columns)}\n`).join(''));
      drawn = lines.length;
    },
    clear: wipe,
  };
}

/** A bar of `width` cells filled by `done` of `total`. */
export function bar(done: number, total: number, width = 20): string {
  const filled = total > 0 ? Math.round((Math.min(done, total) / total) * width) : 0;
  return paint('cyan', '━'.repeat(filled)) + paint('dim', '─'.repeat(width - filled));
}

/** A styled line longer than the terminal would wrap and spoil the count of lines to wipe. */
function clip(line: string, columns: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with one
  const parts = line.split(/(\x1b\[[0-9;]*m)/);
  let room = columns - 1;
  return parts
    .map((part, n) => {
      if (n % 2 === 1) return part;
      const kept = Array.from(part).slice(0, Math.max(room, 0)).join('');
      room -= Array.from(part).length;
      return kept;
    })
    .join('');
}
