import type { DatasetItem } from './plan.ts';
import type { MadeImage } from './sample.ts';

/** Makes the images of a data set, here or elsewhere. */
export interface ImageMaker {
  /** How many images it makes at a time. */
  readonly width: number;
  make(item: DatasetItem, signal?: AbortSignal): Promise<MadeImage>;
  close(): Promise<void>;
}
