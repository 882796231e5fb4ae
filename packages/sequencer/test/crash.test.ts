import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobStoreError, openJobStore } from '../src/jobs/job-store.ts';
import type { JobPageView, JobView } from '../src/views.ts';
import { getJson, startGateway, type TestGateway, until } from './support/gateway.ts';
import { photo } from './support/pictures.ts';
import { type SequencerProcess, spawnSequencer } from './support/process.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(3, 1, 'tiny-modes');
});
afterAll(() => gateway.remove());

const image = (await photo({ width: 16, height: 16 }).png().toBuffer()).toString('base64');

async function submit({ url }: SequencerProcess, seed: number): Promise<string> {
  const response = await fetch(`${url}/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    // Every other job begins from a picture.
    body: JSON.stringify({
      prompt: 'a red cat',
      seed,
      committee_size: 1,
      ...(seed % 2 === 1 && { image }),
    }),
  });
  expect(response.status).toBe(202);
  return ((await response.json()) as JobView).id;
}

const getJob = ({ url }: SequencerProcess, id: string): Promise<JobView> =>
  getJson(`${url}/v1/jobs/${id}`);

const balance = (): Promise<bigint> => {
  const { chain, network } = gateway.committee;
  return chain.query.balance(network.keys[0]?.address('sem') ?? '', chain.denom);
};

describe('a sequencer that is killed', () => {
  it('settles every accepted job after its restart, each exactly once', async () => {
    const before = await balance();
    const ids: string[] = [];
    // Killed at different points of the jobs' lives: just accepted, being sent, on the chain.
    for (const delayMs of [0, 30, 250]) {
      const process = await spawnSequencer(gateway);
      const accepted = await Promise.all(
        Array.from({ length: 4 }, (_, i) => submit(process, ids.length + i)),
      );
      ids.push(...accepted);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await process.kill();
    }

    const last = await spawnSequencer(gateway);
    const jobs = await Promise.all(
      ids.map((id) =>
        until(
          () => getJob(last, id),
          ({ status }) => status === 'settled',
        ),
      ),
    );
    expect(jobs.map(({ verdict }) => verdict)).toEqual(ids.map(() => 'agreed'));
    expect(new Set(jobs.map(({ request }) => request.seed)).size).toBe(ids.length);
    const begun = jobs.filter(({ request }) => request.mode === 'image_to_image');
    expect(begun).toHaveLength(ids.length / 2);

    const page = await getJson<JobPageView>(`${last.url}/v1/jobs?limit=100`);
    expect(page.data).toHaveLength(ids.length);
    const fees = jobs.reduce((sum, { fee }) => sum + BigInt(fee), 0n);
    const spent = before - (await balance());
    expect(spent).toBeGreaterThanOrEqual(fees);
    // The rest is gas, a fraction of one fee a transaction.
    expect(spent - fees).toBeLessThan(BigInt(jobs[0]?.fee ?? 0) * 30n);
    expect(await last.stop()).toBe(0);
  });

  it('keeps a queue through an outage of the chain', async () => {
    const first = await spawnSequencer(gateway);
    const { network } = gateway.committee;
    const id = await submit(first, 100);
    await network.stop();
    await first.kill();
    const starting = spawnSequencer(gateway);
    await network.start();
    const second = await starting;
    const job = await until(
      () => getJob(second, id),
      ({ status }) => status === 'settled',
    );
    expect(job.verdict).toBe('agreed');
    await second.stop();
  });

  it('is alone with its home', async () => {
    const running = await spawnSequencer(gateway);
    await expect(spawnSequencer(gateway)).rejects.toThrow('IN_USE');
    expect(() => openJobStore(gateway.home)).toThrow(JobStoreError);
    await running.stop();
  });
});
