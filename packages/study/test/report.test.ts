import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readStudyResult } from '../src/read-result.ts';
import { renderReport } from '../src/report/render-report.ts';
import type { StudyResult } from '../src/result.ts';
import { parsePage, valuesOf } from './support/page.ts';
import { REALISTIC, syntheticResult } from './support/synthetic-result.ts';

const SMALL = { profiles: 3, adversaries: 2, jobs: 40 };
/** Words that would be on the page if a number or a field were not what it should be. */
function broken(html: string): string[] {
  return html.match(/.{0,60}(NaN|Infinity|undefined|\[object).{0,20}/g) ?? [];
}

describe('the page', () => {
  const html = renderReport(syntheticResult());
  const page = parsePage(html);

  test('is the same for the same result', () => {
    expect(renderReport(syntheticResult()) === html).toBe(true);
    const stored = JSON.parse(JSON.stringify(syntheticResult())) as StudyResult;
    expect(renderReport(stored) === html).toBe(true);
  });

  test('needs nothing beside it', () => {
    expect(html.match(/https?:|\/\/|@import|url\(|javascript:/gi)).toBeNull();
    const loading = ['script', 'link', 'img', 'iframe', 'object', 'embed', 'use', 'image', 'base'];
    expect(page.elements.filter((name) => loading.includes(name))).toEqual([]);
    expect(page.attributes.filter(({ name }) => /^(src|on.*|xlink:href)$/.test(name))).toEqual([]);
  });

  test('links to places that it has, each of them once', () => {
    const ids = valuesOf(page, 'id');
    expect(new Set(ids).size).toBe(ids.length);
    const missing = valuesOf(page, 'href').filter((href) => !ids.includes(href.slice(1)));
    expect(missing).toEqual([]);
  });

  test('names and describes every chart', () => {
    const charts = page.elements.flatMap((name, i) => (name === 'svg' ? [i] : []));
    expect(charts.length).toBeGreaterThan(100);
    for (const at of charts) expect(page.elements.slice(at + 1, at + 3)).toEqual(['title', 'desc']);
    expect(html.match(/<(title|desc)>\s*</g)).toBeNull();
  });

  test('numbers its figures in their order', () => {
    const numbers = Array.from(page.text.matchAll(/Figure (\d+)\./g), ([, number]) => number);
    expect(numbers).toEqual(numbers.map((_, i) => String(i + 1)));
  });

  test('ends with the command that reproduces it', () => {
    expect(page.text.trim().endsWith(syntheticResult().run.command)).toBe(true);
  });

  test('holds no broken number', () => {
    expect(broken(html)).toEqual([]);
  });
});

describe('a study of little', () => {
  const shapes = {
    'one profile': { ...REALISTIC, profiles: 1 },
    'no profile': { ...REALISTIC, profiles: 0 },
    'no adversary': { ...REALISTIC, adversaries: 0 },
    'one job': { ...REALISTIC, jobs: 1 },
    nothing: { profiles: 0, adversaries: 0, jobs: 0 },
  };
  test.each(Object.entries(shapes))('%s', (_, shape) => {
    const html = renderReport(syntheticResult(shape));
    parsePage(html);
    expect(broken(html)).toEqual([]);
  });
});

const SIZES = /^(min|median|mean|p95|max|tolerance|honestMax|margin|stepTolerance)$/;

const EXTREMES: readonly [string, (leaf: number, key: string) => number][] = [
  ['all distances at 0', (value, key) => (/^\d+$/.test(key) ? 0 : value)],
  ['every number 0 but the steps', (value, key) => (key === 'steps' ? value : 0)],
  ['every share 1', (value) => (value > 0 && value < 1 ? 1 : value)],
  ['huge counts', (value) => (Number.isInteger(value) && value > 64 ? 2 ** 52 : value)],
  ['the smallest sizes', (value) => (Number.isInteger(value) ? value : Number.MIN_VALUE)],
  ['the greatest sizes', (value, key) => (SIZES.test(key) ? 1e15 : value)],
];

test.each(EXTREMES)('extreme data: %s', (_, change) => {
  const html = renderReport(withNumbers(syntheticResult(SMALL), change));
  parsePage(html);
  expect(broken(html)).toEqual([]);
});

describe('text that came from data', () => {
  const hostile = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onload='alert(1)",
    ']]></style></svg><!--',
    '&lt;b&gt;&#x3c;',
    '\u202edrowkcab\u2066',
    '\u0000\u0007\u001b[2J\ud800',
    '{{x}} ` \\',
  ];
  const plain = parsePage(renderReport(syntheticResult(SMALL)));

  test('adds no element and no attribute, whatever it is', () => {
    const text = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary', minLength: 1 }));
    fc.assert(
      fc.property(text, (evil) => {
        // Not where the page reads it: names that must be found again stay different.
        const page = parsePage(
          renderReport(withTexts(syntheticResult(SMALL), (old) => evil + old)),
        );
        expect(withoutHeads(page.elements)).toEqual(withoutHeads(plain.elements));
        expect(page.attributes.length - plain.attributes.length).toBe(
          3 * (heads(page.elements) - heads(plain.elements)),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('is shown as it is, but for what would change the text around it', () => {
    const [angle = '', , , , entity = '', direction = '', control = ''] = hostile;
    const shown = (name: string) => {
      const result = syntheticResult(SMALL);
      const classes = [{ name, prompt: 'a photo' }];
      return parsePage(renderReport({ ...result, plan: { ...result.plan, classes } })).text;
    };
    expect(shown(angle)).toContain(angle);
    expect(shown(entity)).toContain(entity);
    expect(shown(direction)).toContain('\ufffddrowkcab\ufffd');
    expect(shown(control)).toContain('\ufffd\ufffd\ufffd[2J\ufffd');
  });
});

describe('what a result may be', () => {
  const whole = JSON.stringify(syntheticResult(SMALL));

  test('is what a study gives', () => {
    expect(readStudyResult(whole, 'result.json')).toEqual(syntheticResult(SMALL));
  });

  const WRONG: readonly [string, (json: Json) => unknown, RegExp][] = [
    ['no object', () => 7, /not a study's result/],
    ['null', () => null, /not a study's result/],
    ['another format', (json) => ({ ...json, format: 'x' }), /its format is not/],
    [
      'a missing field',
      (json) => ({ ...json, deposit: undefined }),
      /r\.json: deposit: .*undefined/,
    ],
    ['an unknown field', (json) => ({ ...json, more: 1 }), /r\.json: result: .*"more"/],
    ['a terminal code', (json) => ({ ...json, '\u001b[2J': 1 }), /"\ufffd\[2J"/],
    ['text for a number', at('run', 'pictures', 'x'), /run\.pictures: .*expected number/],
    ['a share beyond 1', at('deposit', 'slashShare', 1.5), /deposit\.slashShare: /],
    ['half a job', at('plan', 'jobs', 0.5), /plan\.jobs: .*int/],
    ['a list too long', at('agreement', 'length', 20_001), /agreement: /],
    ['no hash', at('model', 'weightsRoot', 'xyz'), /model\.weightsRoot: not 64 hexadecimal digits/],
  ];
  test.each(WRONG)('refused: %s', (_, change, message) => {
    const json = change(JSON.parse(whole) as Json);
    expect(() => readStudyResult(JSON.stringify(json), 'r.json')).toThrow(message);
  });

  test('refused: a rate beyond its bounds, named by its whole path', () => {
    const json = withNumbers(syntheticResult(SMALL), (value, key) => (key === 'low' ? 1 : value));
    expect(() => readStudyResult(JSON.stringify(json), 'r.json')).toThrow(
      /r\.json: agreement\[0\]\.equalFiles: not a rate between its bounds/,
    );
  });

  test('refused: text that is not JSON', () => {
    expect(() => readStudyResult(`${whole.slice(0, -1)}`, 'r.json')).toThrow('r.json: not JSON');
  });

  test('whatever is let in can be shown', () => {
    const number = fc.oneof(fc.double(), fc.nat(), fc.constantFrom(0, 1, 1e308, 5e-324));
    const chosen = fc.record({ nth: fc.nat(20_000), value: number });
    fc.assert(
      fc.property(chosen, ({ nth, value }) => {
        let seen = 0;
        const json = withNumbers(syntheticResult(SMALL), (old) => (seen++ === nth ? value : old));
        let result: StudyResult;
        try {
          result = readStudyResult(JSON.stringify(json), 'r.json');
        } catch (error) {
          expect((error as { code: string }).code).toBe('INVALID_INPUT');
          return;
        }
        const html = renderReport(result);
        parsePage(html);
        expect(broken(html)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

type Json = Record<string, Record<string, unknown>>;

function at(field: string, part: string, value: unknown): (json: Json) => unknown {
  return (json) => {
    const changed = json[field] as Record<string, unknown>;
    changed[part] = value;
    return json;
  };
}

/** The same with every number replaced; `key` is its field, or its index in a list. */
function withNumbers<T>(value: T, change: (leaf: number, key: string) => number, key = ''): T {
  return mapped(value, key, (leaf, at) => (typeof leaf === 'number' ? change(leaf, at) : leaf));
}

/** The same with the texts replaced that a study takes from its input. */
function withTexts<T>(value: T, change: (text: string) => string): T {
  const fixed = [
    'format',
    'hash',
    'group',
    'decidedBy',
    'caughtBy',
    'id',
    'weightsRoot',
    'finishedAt',
  ];
  return mapped(value, '', (leaf, key) =>
    typeof leaf === 'string' && !fixed.includes(key) ? change(leaf) : leaf,
  );
}

function mapped<T>(value: T, key: string, change: (leaf: unknown, key: string) => unknown): T {
  if (Array.isArray(value)) {
    const names = typeof value[0] === 'string' ? () => key : String;
    return value.map((one, i) => mapped(one, names(i), change)) as T;
  }
  if (typeof value !== 'object' || value === null) return change(value, key) as T;
  const fields = Object.entries(value).map(([name, one]) => [name, mapped(one, name, change)]);
  return Object.fromEntries(fields) as T;
}

/** Headings over charts are broken in lines, by the length of names that are in them. */
function withoutHeads(elements: readonly string[]): string[] {
  return elements.filter((name) => name !== 'text');
}

function heads(elements: readonly string[]): number {
  return elements.length - withoutHeads(elements).length;
}
