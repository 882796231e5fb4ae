import { spawnSync } from 'node:child_process';
import type { Place } from '../cometbft/network.ts';

/* Hosts of their own on this machine: network namespaces on one bridge, each with a cable to pull. */

export interface Islands {
  readonly places: readonly Place[];
  cut(index: number): void;
  heal(index: number): void;
  remove(): void;
}

/** Two runs at once are unlikely to choose the same. */
const NET = `10.213.${process.pid % 250}`;

/** Why there can be none here; empty if there can. */
export const WITHOUT_ISLANDS: string = (() => {
  if (process.getuid?.() !== 0) return ' (not run: network namespaces need root)';
  try {
    makeIslands(1).remove();
    return '';
  } catch {
    return ' (not run: no network namespaces, bridges and cables can be made here)';
  }
})();

export function makeIslands(count: number): Islands {
  const id = process.pid % 10_000;
  const bridge = `sembr${id}`;
  const indices = Array.from({ length: count }, (_, i) => i);
  const space = (i: number) => `semb${id}n${i}`;
  const outside = (i: number) => `semb${id}o${i}`;
  const inside = (i: number) => `semb${id}i${i}`;
  const address = (i: number) => `${NET}.${i + 1}`;
  const remove = () => {
    // A namespace would take its cable with it, but stays while a connection of those who ended in it does.
    for (const i of indices) {
      spawnSync('ip', ['link', 'del', outside(i)]);
      spawnSync('ip', ['netns', 'del', space(i)]);
    }
    spawnSync('ip', ['link', 'del', bridge]);
  };
  try {
    lay();
  } catch (error) {
    remove();
    throw error;
  }
  return {
    places: indices.map((i) => ({
      address: address(i),
      within: ['ip', 'netns', 'exec', space(i)],
    })),
    cut: (i) => ip('link', 'set', outside(i), 'down'),
    heal: (i) => ip('link', 'set', outside(i), 'up'),
    remove,
  };

  function lay(): void {
    ip('link', 'add', bridge, 'type', 'bridge');
    ip('addr', 'add', `${NET}.254/24`, 'dev', bridge);
    ip('link', 'set', bridge, 'up');
    for (const i of indices) {
      ip('netns', 'add', space(i));
      ip('link', 'add', outside(i), 'type', 'veth', 'peer', 'name', inside(i));
      ip('link', 'set', inside(i), 'netns', space(i));
      ip('link', 'set', outside(i), 'master', bridge, 'up');
      ip('-n', space(i), 'addr', 'add', `${address(i)}/24`, 'dev', inside(i));
      ip('-n', space(i), 'link', 'set', inside(i), 'up');
      ip('-n', space(i), 'link', 'set', 'lo', 'up');
    }
  }
}

function ip(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
}
