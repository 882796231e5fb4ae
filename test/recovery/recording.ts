import { appendFileSync, readFileSync } from 'node:fs';
import type { Application, DecidedBlock, Genesis } from '@semblance/chain/application';
import { wrapped } from './wrapped.ts';

/*
 * What an engine told its application, one JSON value a line: genesis and the decided blocks. Whoever
 * executes it again must come to the same application hashes.
 */

export interface Recording {
  readonly genesis: Genesis;
  /** From height 1 on, without a gap. */
  readonly blocks: readonly DecidedBlock[];
  /** Heights that were executed more than once, because of crashes, with the same block. */
  readonly repeated: number;
  /** Heights of which a crash lost the block, so that another one took its place. */
  readonly replaced: number;
}

type Line = { readonly genesis: Genesis } | { readonly block: DecidedBlock };

/** The application, noting in a file what it is told before it does it. */
export function recorded(app: Application, path: string): Application {
  const note = (line: Line) => appendFileSync(path, `${encodeLine(line)}\n`);
  return wrapped(app, {
    initChain(genesis) {
      note({ genesis });
      return app.initChain(genesis);
    },
    finalizeBlock(block) {
      note({ block });
      return app.finalizeBlock(block);
    },
  });
}

/** Of a height that was executed several times the last block counts: it is the one that stayed. */
export function readRecording(path: string): Recording {
  let genesis: Genesis | undefined;
  const blocks: DecidedBlock[] = [];
  let repeated = 0;
  let replaced = 0;
  for (const text of readFileSync(path, 'utf8').trimEnd().split('\n')) {
    const line = decodeLine(text);
    if ('genesis' in line) {
      genesis = line.genesis;
      continue;
    }
    const at = Number(line.block.height) - 1;
    const before = blocks[at];
    if (at > blocks.length) throw new Error(`a gap before height ${line.block.height}`);
    if (before !== undefined && encodeLine({ block: before }) === text) repeated += 1;
    else if (before !== undefined) replaced += 1;
    blocks[at] = line.block;
  }
  if (genesis === undefined) throw new Error(`no genesis in ${path}`);
  return { genesis, blocks, repeated, replaced };
}

/* JSON has neither bytes nor 64-bit integers. */

function encodeLine(line: Line): string {
  return JSON.stringify(line, function replace(this: Record<string, unknown>, key, value) {
    // Buffers turn themselves into something else before they come here.
    const own = this[key];
    if (own instanceof Uint8Array) return { $bytes: Buffer.from(own).toString('base64') };
    if (typeof own === 'bigint') return { $int: String(own) };
    return value as unknown;
  });
}

function decodeLine(text: string): Line {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if ('$int' in value) return BigInt(String(value.$int));
    if ('$bytes' in value) return new Uint8Array(Buffer.from(String(value.$bytes), 'base64'));
    return value;
  }) as Line;
}
