/* Hamming kernels: compiled by scripts/build-kernels.ts into src/hamming/kernels-wasm.ts. */

export { gather, sortIntoBuckets } from './buckets';
export { foldTable, histogramAcross, histogramWithin, tableBytes } from './histogram';
export { joinAcross, joinFor, joinWithin } from './join';
