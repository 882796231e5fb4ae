import type { RuntimeProfile } from '@semblance/inference/profiles';
import type { TextToImageRequest } from '@semblance/inference/request';
import type { RgbImage } from '@semblance/inference/text-to-image';
import type { AdversaryResult, Rung } from '../result.ts';

/** Somebody who is asked for a job's picture and hands in another. What it does is all it needs. */
export interface Adversary {
  readonly name: string;
  /** One line: what it does. */
  readonly title: string;
  readonly group: AdversaryResult['group'];
  /** The rungs that decide it where likeness lets it pass, first that suffices first. */
  readonly decidedBy: readonly Rung[];
  /** Why those rungs. */
  readonly because: string;
  readonly makes: Way;
}

/** How an adversary comes by its picture. */
type Way = Reuse | Run | Alter;

/** It has the honest picture of a job, the same or another, and makes nothing. */
export interface Reuse {
  readonly way: 'reuse';
  /** Which job's; undefined where the study has no such job. */
  readonly jobOf: (at: JobPlace, size: StudySize) => JobPlace | undefined;
}

/** It runs a model, but another one or not as asked. */
export interface Run {
  readonly way: 'run';
  /** What it runs on; by default as the reference profile does. */
  readonly profile?: RuntimeProfile;
  requestOf(request: TextToImageRequest, limits: RunLimits): TextToImageRequest;
  /** What it does with the picture to make it look as asked. */
  finish?(image: RgbImage, request: TextToImageRequest): Promise<RgbImage>;
}

/** It makes a picture without a model, from an honest one or from nothing. */
export interface Alter {
  readonly way: 'alter';
  /** Undefined where it found no way. */
  alter(tools: AlterTools): Promise<RgbImage | undefined>;
}

interface AlterTools {
  readonly request: TextToImageRequest;
  /** The reference profile's picture of this job. */
  readonly honest: RgbImage;
  /** Its picture of another job. */
  readonly other: RgbImage;
}

export interface JobPlace {
  readonly class: number;
  readonly seed: number;
}

export interface StudySize {
  readonly classes: number;
  readonly seeds: number;
}

/** What a model takes, as far as cheats ask. */
export interface RunLimits {
  readonly minSize: number;
  readonly sizeMultiple: number;
}
