import { describe, expect, it } from 'vitest';
import { bodyOf, curlOf, type Draft, draftFor, draftOf } from '../src/draft.ts';
import { model, sizesOf } from '../src/model.ts';
import { FILES, MODEL, settledJob } from './fixtures.ts';

const draft: Draft = { ...draftFor(model(MODEL, 'model'), "a fox's den"), seed: ' 7 ' };

describe('a draft', () => {
  it('starts from what the model likes, with a committee that can disagree', () => {
    expect(draft).toMatchObject({ size: 64, steps: 20, committeeSize: 3, seedLocked: false });
  });

  it('becomes the body of the request; a seed stays text, for it may not fit a number', () => {
    expect(bodyOf(draft)).toEqual({
      model: 'emoji-64',
      prompt: "a fox's den",
      size: '64x64',
      seed: '7',
      steps: 20,
      guidance_scale: 4,
      scheduler: 'ddim',
      committee_size: 3,
    });
  });

  it('carries the shape to follow; in a shell the picture is a file', () => {
    const shape = { picture: 'data:image/png;base64,AAAA', scale: 0.5 };
    const shaped = { ...draft, control: shape };
    expect(bodyOf(shaped)).toMatchObject({ control_image: shape.picture, conditioning_scale: 0.5 });
    const curl = curlOf(shaped, 'http://127.0.0.1:8080');
    expect(curl).toContain("-F 'control_image=@control.png'");
    expect(curl).not.toContain('AAAA');
  });

  it('that asks for a job again follows its shape by the hash of its file', () => {
    const { request } = settledJob();
    const inputs = [{ name: 'image', sha256: FILES[0] }] as const;
    const again = draftOf({ ...request, mode: 'control', inputs, conditioningScale: 1.5 }, 3);
    expect(again.control).toEqual({ picture: `sha256:${FILES[0]}`, scale: 1.5 });
    expect(draftOf(request, 3).control).toBeNull();
  });

  it('is quoted for the shell', () => {
    expect(curlOf(draft, 'http://127.0.0.1:8080')).toContain(String.raw`a fox'\''s den`);
  });
});

describe('sizesOf', () => {
  it('lists the multiples inside the limits', () => {
    expect(sizesOf(model(MODEL, 'model'))).toEqual([64, 72, 80]);
  });
});
