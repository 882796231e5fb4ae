import { readRecording } from './recording.ts';
import { replay } from './replay.ts';

/* Executes a recording on the Node that runs this, and prints the application hashes. */

const { appHashes } = await replay(readRecording(process.argv[2] ?? ''));
process.stdout.write(JSON.stringify({ node: process.version, appHashes }));
