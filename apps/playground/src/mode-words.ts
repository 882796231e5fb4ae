import type { JobRequest, Mode } from './job.ts';

/** What a job does to the picture that it begins from, in a few words. */
export const DONE: Readonly<Record<Mode, string>> = {
  text_to_image: 'Painted from words',
  image_to_image: 'Varied',
  inpaint: 'Painted over',
  control: 'Painted along a shape',
  upscale: 'Enlarged 2×',
};

/** The same with how far it went, where that was a choice. */
export function doneIn({ mode, strength }: JobRequest): string {
  const isPart = strength !== null && strength < 1;
  return isPart ? `${DONE[mode]}, strength ${strength}` : DONE[mode];
}

/** What a job is called: its prompt, or what it does where it has none. */
export function titleOf({ mode, prompt }: JobRequest): string {
  return prompt === '' ? DONE[mode] : prompt;
}
