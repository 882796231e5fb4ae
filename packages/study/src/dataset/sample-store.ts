import type { PictureRecord } from '../pictures/record.ts';
import type { ListedFile } from './listed-file.ts';
import type { DatasetItem } from './plan.ts';
import type { SampleFiles } from './sample.ts';

/** What is there of an image: its record when it was found whole, as it was made. */
export interface Survey {
  readonly item: DatasetItem;
  readonly record: PictureRecord | undefined;
}

/** Where the samples of a data set lie. */
export interface SampleStore {
  /** What records call an image: its place under the data set's folder. */
  pathOf(item: DatasetItem): string;
  /**
   * Looks at everything that earlier runs have left, throws away what is not whole, and says of
   * every image in their order whether it is there.
   */
  survey(): AsyncGenerator<Survey>;
  /** Writes the next image that was missing; in their order. @throws WriteError */
  add(item: DatasetItem, files: SampleFiles): Promise<void>;
  /** Files that a manifest lists, after all images are there. */
  finish(): Promise<readonly ListedFile[]>;
  close(): Promise<void>;
}
