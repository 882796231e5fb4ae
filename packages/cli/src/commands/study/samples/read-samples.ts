import { parseSamples } from '@semblance/study/sample-file';
import { readBounded } from '../../../bounded-file.ts';

/** A file of samples, checked. @throws CommandError naming the file; InvalidInputError the line */
export async function readSamples(file: string): Promise<ReturnType<typeof parseSamples>> {
  return parseSamples((await readBounded(file)).toString('utf8'));
}
