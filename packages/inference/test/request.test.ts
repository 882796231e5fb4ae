import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RequestLimits, type TextToImageRequest, validateRequest } from '../src/request.ts';

const limits: RequestLimits = {
  sizeMultiple: 16,
  minSize: 32,
  maxSize: 128,
  maxSteps: 100,
  schedulers: ['ddim', 'unipc'],
};
const request: TextToImageRequest = {
  prompt: 'a cat',
  negativePrompt: '',
  seed: 0n,
  steps: 20,
  width: 64,
  height: 64,
  guidance: 4,
  scheduler: 'unipc',
};

describe('accepted', () => {
  test.each<Partial<TextToImageRequest>>([
    {},
    { prompt: 'é'.repeat(512) },
    { prompt: '👍 猫' },
    { prompt: '\u0000' },
    { seed: 2n ** 64n - 1n },
    { steps: 1 },
    { steps: 100 },
    { width: 32, height: 128 },
    { guidance: 0 },
    { guidance: 30 },
  ])('%o', (change) => {
    expect(() => validateRequest({ ...request, ...change }, limits)).not.toThrow();
  });
});

describe('refused, naming the field', () => {
  test.each<[keyof TextToImageRequest, unknown]>([
    ['prompt', ''],
    ['prompt', ' \n\t'],
    ['prompt', 'a'.repeat(1025)],
    ['prompt', 'é'.repeat(513)],
    ['prompt', 'x'.repeat(10_000_000)],
    ['prompt', 'a\ud83d'],
    ['prompt', '\udc4da'],
    ['prompt', undefined],
    ['prompt', 7],
    ['negativePrompt', '猫'.repeat(342)],
    ['negativePrompt', '\ud83d'],
    ['negativePrompt', null],
    ['seed', -1n],
    ['seed', 2n ** 64n],
    ['seed', 1],
    ['seed', 1.5],
    ['seed', '1'],
    ['steps', 0],
    ['steps', 101],
    ['steps', 1.5],
    ['steps', Number.NaN],
    ['steps', '20'],
    ['width', 63],
    ['width', 16],
    ['width', 144],
    ['width', Infinity],
    ['width', 64n],
    ['height', 0],
    ['height', -64],
    ['height', 72],
    ['guidance', -0.1],
    ['guidance', 30.1],
    ['guidance', Number.NaN],
    ['guidance', Infinity],
    ['guidance', '4'],
    ['scheduler', 'euler'],
    ['scheduler', 'toString'],
    ['scheduler', undefined],
  ])('%s %o', (field, value) => {
    expect(() => validateRequest({ ...request, [field]: value }, limits)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        details: expect.objectContaining({ field }),
      }),
    );
  });

  test('whatever the text, either it is accepted or the prompt is named', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1200 }), (prompt) => {
        try {
          validateRequest({ ...request, prompt }, limits);
        } catch (error) {
          expect(error).toMatchObject({ details: { field: 'prompt' } });
        }
      }),
    );
  });
});
