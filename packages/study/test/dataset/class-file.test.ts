import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseClasses, readClassFile } from '../../src/dataset/class-file.ts';
import { readModelClasses } from '../../src/dataset/model-classes.ts';
import { promptFor } from '../../src/dataset/prompt.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-classes-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a class file as ImageNet has them', () => {
  test('number, noun, synonyms', () => {
    const text =
      '0 tench, Tinca tinca\n2 great white shark, white shark, man-eater\r\n\n1 Indian elephant';
    expect(parseClasses(`\ufeff${text}`, 'file')).toEqual([
      { id: 0, name: 'tench', synonyms: ['Tinca tinca'], prompt: 'a photo of a tench' },
      { id: 1, name: 'Indian elephant', synonyms: [], prompt: 'a photo of an Indian elephant' },
      {
        id: 2,
        name: 'great white shark',
        synonyms: ['white shark', 'man-eater'],
        prompt: 'a photo of a great white shark',
      },
    ]);
  });

  test('two classes may share a name, as two cranes do', () => {
    const names = parseClasses('134 crane\n517 crane', 'file').map(({ name }) => name);
    expect(names).toEqual(['crane', 'crane']);
  });

  const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z' -]{0,30}[a-z]$/);
  const line = fc.tuple(fc.nat({ max: 9_999_999 }), fc.array(name, { minLength: 1, maxLength: 4 }));

  test('what is written is read, by number', () => {
    fc.assert(
      fc.property(fc.uniqueArray(line, { minLength: 1, selector: ([id]) => id }), (classes) => {
        const text = classes.map(([id, names]) => `${id} ${names.join(', ')}`).join('\n');
        const read = parseClasses(text, 'file').map((one) => [one.id, [one.name, ...one.synonyms]]);
        expect(read).toEqual([...classes].sort(([a], [b]) => a - b));
      }),
    );
  });

  test.each([
    ['0 tench\ngoldfish', 'line 2: begins with no number'],
    ['n01440764 tench', 'line 1: begins with no number'],
    ['0: tench', 'line 1: begins with no number'],
    ['-1 tench', 'line 1: begins with no number'],
    ['0 tench\n\n0 goldfish', 'line 3: number 0 a second time'],
    ['0 tench\n00 goldfish', 'line 2: number 0 a second time'],
    ['0', 'line 1: an empty name'],
    ['0   ', 'line 1: an empty name'],
    ['0 tench,, Tinca', 'line 1: an empty name'],
    ['0 , Tinca', 'line 1: an empty name'],
    ['0 a\x07b', 'line 1: a control character in a name'],
    [`0 ${'x'.repeat(201)}`, 'line 1: a name of more than 200 characters'],
    ['99999999999 tench', 'line 1: number 99999999999 is more than 9999999'],
    ['\n\n', 'no class in it'],
  ])('%j is refused', (text, reason) => {
    expect(() => parseClasses(text, 'my.txt')).toThrow(`my.txt: ${reason}`);
  });

  test('any text is classes or an error that names the file', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        try {
          expect(parseClasses(text, 'my.txt').length).toBeGreaterThan(0);
        } catch (error) {
          expect((error as Error).message).toMatch(/^my\.txt: /);
        }
      }),
    );
  });

  test('a file that is not there, a folder, and bytes that are no text', async () => {
    await writeFile(join(folder, 'latin1'), Buffer.from('0 caf\xe9', 'latin1'));
    await expect(readClassFile(join(folder, 'none'))).rejects.toThrow('no such file');
    await expect(readClassFile(folder)).rejects.toThrow('not a file');
    await expect(readClassFile(join(folder, 'latin1'))).rejects.toThrow('not valid UTF-8');
  });
});

describe("a model's own classes", () => {
  test('have the prompts that it was taught, as the rule gives them', async () => {
    const model = fileURLToPath(new URL('../../../../models/emoji-64', import.meta.url));
    const classes = await readModelClasses(model);
    expect(classes.length).toBeGreaterThan(40);
    for (const { name, prompt } of classes) expect(promptFor(name)).toBe(prompt);
  });

  test('a model that brings none says so', async () => {
    await expect(readModelClasses(folder)).rejects.toThrow('classes: this model brings none');
  });
});
