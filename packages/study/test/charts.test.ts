import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { integerAxis, linearAxis, logAxis } from '../src/report/chart/axis.ts';
import { detectionCurves, detectionProbability } from '../src/report/chart/detection-curves.ts';
import { distanceBars, distanceSums } from '../src/report/chart/distances.ts';
import { heatMap } from '../src/report/chart/heat-map.ts';
import { intervals } from '../src/report/chart/intervals.ts';
import { latentDistance } from '../src/report/chart/latent-distance.ts';
import { apart, band, line } from '../src/report/chart/marks.ts';
import { inside, MEDIUM, SMALL, wrapped } from '../src/report/chart/plot.ts';
import { rocCurve } from '../src/report/chart/roc-curve.ts';
import { decimal, percentTick } from '../src/report/figures.ts';
import type { Markup } from '../src/report/markup.ts';

describe('axes', () => {
  test('a linear axis reaches from end to end', () => {
    const axis = linearAxis({
      label: 'x',
      domain: [0, 10],
      range: [40, 140],
      format: String,
      ticks: 5,
    });
    expect([0, 2.5, 10].map(axis.at)).toEqual([40, 65, 140]);
    expect(axis.ticks.map((tick) => tick.text)).toEqual(['0', '2', '4', '6', '8', '10']);
  });

  test('a logarithmic axis gives every power of ten the same room', () => {
    const axis = logAxis({ label: 'y', domain: [0.001, 1], range: [150, 0], ticks: 6 });
    expect([0.001, 0.01, 0.1, 1].map(axis.at).map(Math.round)).toEqual([150, 100, 50, 0]);
    expect(axis.ticks.map((tick) => tick.text)).toEqual(['10⁰', '10⁻¹', '10⁻²', '10⁻³']);
  });

  test('zero and what is beyond lie at the ends of a logarithmic axis', () => {
    const axis = logAxis({ label: 'y', domain: [0.002, 0.5], range: [100, 0], ticks: 6 });
    expect([0, -1, 1e-9, 5, Number.MAX_VALUE].map(axis.at)).toEqual([100, 100, 100, 0, 0]);
  });

  test('a domain of one value has room', () => {
    const flat = linearAxis({ label: '', domain: [3, 3], range: [0, 9], format: String, ticks: 5 });
    expect(flat.at(3)).toBe(4.5);
    const log = logAxis({ label: '', domain: [0.1, 0.1], range: [0, 10], ticks: 5 });
    expect([0.1, 1].map(log.at)).toEqual([0, 10]);
  });

  test('whole numbers have whole ticks', () => {
    const axis = integerAxis({ label: '', domain: [-0.5, 1.5], range: [0, 2], ticks: 9 });
    expect(axis.ticks.map((tick) => tick.value)).toEqual([0, 1]);
  });

  test('ticks lie on their axis, and few at that', () => {
    const domain = fc.tuple(
      fc.double({ min: 1e-12, max: 1, noNaN: true }),
      fc.double({ min: 1, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(domain, ([low, high]) => {
        const axis = logAxis({ label: '', domain: [low, high], range: [200, 20], ticks: 5 });
        expect(axis.ticks.length).toBeLessThanOrEqual(6);
        for (const { value } of axis.ticks) {
          expect(axis.at(value)).toBeGreaterThanOrEqual(20 - 1e-9);
          expect(axis.at(value)).toBeLessThanOrEqual(200 + 1e-9);
        }
        expect(axis.at(low)).toBeGreaterThanOrEqual(axis.at(high));
      }),
    );
  });
});

describe('marks', () => {
  const axis = (range: readonly [number, number]) =>
    linearAxis({ label: '', domain: [0, 10], range, format: String, ticks: 2 });
  const axes = { x: axis([0, 100]), y: axis([50, 0]) };

  test('a line goes through its points', () => {
    const points = [[0, 0] as const, [5, 10] as const, [10, 5] as const];
    expect(line(axes, 'foe', points).source).toBe('<path class="line foe" d="M0,50L50,0L100,25"/>');
  });

  test('a band goes along its upper edge and back along the lower', () => {
    const between = [
      { x: 0, low: 0, high: 10 },
      { x: 10, low: 5, high: 10 },
    ];
    expect(band(axes, 'foe', between).source).toContain('points="0,0 100,0 100,25 0,50 "');
  });

  test('names keep apart, in their order, inside if they fit', () => {
    const heights = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(heights, (wanted) => {
        const placed = apart(wanted, 13, [0, 200]);
        const order = wanted.map((height, i) => [height, i] as const).sort(([a], [b]) => a - b);
        const sorted = order.map(([, i]) => placed[i] as number);
        for (let i = 1; i < sorted.length; i++) {
          expect((sorted[i] as number) - (sorted[i - 1] as number)).toBeGreaterThanOrEqual(13);
        }
        expect(sorted[0]).toBeGreaterThanOrEqual(0);
        expect(sorted.at(-1)).toBeLessThanOrEqual(200);
      }),
    );
  });

  test('names that are apart stay where they are', () => {
    expect(apart([100, 20, 60], 13, [0, 200])).toEqual([100, 20, 60]);
  });
});

describe('charts', () => {
  test('a bar is as high as its share, and stands at its distance', () => {
    const chart = distanceBars({
      title: 'a × b',
      look: 'honest',
      histogram: [90, 9, 0, 1],
      threshold: 2,
      furthest: 4,
      floor: 0.001,
    });
    const { x, y } = inside(SMALL);
    const unit = (x[1] - x[0]) / 5;
    const tall = y[0] - y[1];
    const bars = shapes(chart, 'rect');
    const distances = bars.map((bar) => (of(bar, 'x') + of(bar, 'width') / 2 - x[0]) / unit - 0.5);
    const shares = bars.map((bar) => 10 ** ((of(bar, 'height') / tall - 1) * 3));
    for (const [i, distance] of [0, 1, 3].entries()) expect(distances[i]).toBeCloseTo(distance, 2);
    for (const [i, share] of [0.9, 0.09, 0.01].entries()) expect(shares[i]).toBeCloseTo(share, 3);
    expect(text(chart, 'desc')).toBe('100 pairs, 99.0% within 2 bits, none beyond 3.');
  });

  test('the chosen threshold is the dot of a ROC curve', () => {
    const caught = (rate: number) => ({ rate, low: rate / 2, high: (1 + rate) / 2 });
    const points = [
      { threshold: 0, falseAlarm: 0.1, caught: caught(1) },
      { threshold: 1, falseAlarm: 0.01, caught: caught(0.5) },
      { threshold: 2, falseAlarm: 0, caught: caught(0) },
    ];
    const chart = rocCurve({ title: 'foe', points, threshold: 1, floor: 0.001 });
    const { x, y } = inside(SMALL);
    const [dot] = shapes(chart, 'circle');
    expect(dot?.cx).toBeCloseTo(x[0] + (x[1] - x[0]) / 3, 1);
    expect(dot?.cy).toBeCloseTo((y[0] + y[1]) / 2, 1);
    expect(text(chart, 'desc')).toContain('50.0% are caught (25.0% to 75.0%)');
  });

  test('a heat map writes 100 only where it is all', () => {
    const shares = [1, 0.9999, 0.5];
    const chart = heatMap({
      title: 'map',
      description: 'd',
      names: ['a', 'b', 'c'],
      share: (row, column) => shares[row + column - 1],
    });
    expect(Array.from(chart.source.matchAll(/"middle">([^<]*)</g), ([, cell]) => cell)).toEqual([
      '100',
      '99.9',
      '50.0',
    ]);
  });

  test('a bar of an interval reaches from bound to bound', () => {
    const chart = intervals({
      title: 't',
      description: 'd',
      label: 'share',
      rows: [{ name: 'one', look: 'honest', value: 0.1, bounds: [0.01, 1] }],
      domain: [0.01, 1],
      format: percentTick,
    });
    const [, from, to] =
      /class="bar honest" d="M([\d.]+),[\d.]+H([\d.]+)"/.exec(chart.source) ?? [];
    const [dot] = shapes(chart, 'circle');
    expect(dot?.cx).toBeCloseTo((Number(from) + Number(to)) / 2, 1);
  });

  test('steps that were not measured leave a chart with its tolerance', () => {
    const chart = latentDistance({
      title: 't',
      replays: [{ name: 'honest', look: 'honest', steps: [] }],
      tolerance: [0.01, 0.01],
      domain: [0.001, 1],
      steps: 2,
    });
    expect(text(chart, 'desc')).toBe('honest: not measured.');
    expect(chart.source).toContain('class="rule"');
    expect(chart.source).not.toContain('class="line');
  });

  test('detection is 1 - (1 - q)^k', () => {
    expect(detectionProbability(0.05, 1)).toBeCloseTo(0.05, 12);
    expect(detectionProbability(0.05, 3)).toBeCloseTo(0.142625, 12);
    expect(detectionProbability(1, 1)).toBe(1);
    expect(detectionProbability(0, 100)).toBe(0);
    const chart = detectionCurves({ title: 't', steps: 20, skipped: [1], checks: 3, exact: [] });
    expect(text(chart, 'desc')).toBe('1 of 20 skipped: 14.3% at 3 checks.');
  });

  test('without pairs nothing is drawn', () => {
    const chart = distanceSums({ title: 't', populations: [], threshold: 2 });
    expect(chart.source).not.toContain('class="line');
    expect(chart.source).toContain(`width="${MEDIUM.width}"`);
  });

  test('a heading is broken at a space, and cut where it is too long', () => {
    expect(wrapped('native-f32 × wasm', 30)).toEqual(['native-f32 × wasm']);
    expect(wrapped('native-f32 × wasm-f16', 14)).toEqual(['native-f32 ×', 'wasm-f16']);
    expect(wrapped('x'.repeat(40), 10)).toEqual(['xxxxxxxxx…']);
    expect(wrapped('😀'.repeat(9), 5)).toEqual(['😀😀😀😀…']);
  });
});

test('a number that is none is never drawn', () => {
  const axis = linearAxis({
    label: '',
    domain: [0, Number.NaN],
    range: [0, 1],
    format: decimal,
    ticks: 2,
  });
  expect(() => line({ x: axis, y: axis }, 'foe', [[1, 1]])).toThrow(RangeError);
});

function of(shape: Record<string, number>, attribute: string): number {
  return shape[attribute] ?? Number.NaN;
}

/** The attributes of every such shape, as numbers. */
function shapes({ source }: Markup, name: string): Record<string, number>[] {
  return Array.from(source.matchAll(new RegExp(`<${name} ([^>]*)/>`, 'g')), ([, attributes = '']) =>
    Object.fromEntries(
      Array.from(attributes.matchAll(/([a-z]+)="([^"]*)"/g), ([, key, value]) => [
        key,
        Number(value),
      ]),
    ),
  );
}

function text({ source }: Markup, element: string): string {
  return new RegExp(`<${element}>([^<]*)<`).exec(source)?.[1] ?? '';
}
