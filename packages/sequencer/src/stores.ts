import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiKeys, openApiKeys } from './accounts/api-keys.ts';
import { type DiskCache, openDiskCache } from './artifacts/disk-cache.ts';
import type { Ending } from './ending.ts';
import { type JobStore, openJobStore } from './jobs/job-store.ts';

/** Everything on disk that does not depend on the chain. */
export interface Stores {
  readonly jobs: JobStore;
  readonly apiKeys: ApiKeys;
  readonly cache: DiskCache;
}

export async function openStores(
  home: string,
  artifactBytes: number,
  ending: Ending,
): Promise<Stores> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chmodSync(home, 0o700);
  const jobs = openJobStore(home);
  ending.add(() => jobs.close());
  const apiKeys = openApiKeys(home);
  ending.add(() => apiKeys.close());
  return { jobs, apiKeys, cache: await openDiskCache(join(home, 'artifacts'), artifactBytes) };
}
