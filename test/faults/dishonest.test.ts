import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DirectSecp256k1Wallet } from '@cosmjs/proto-signing';
import {
  coins,
  GasPrice,
  QueryClient,
  SigningStargateClient,
  setupSlashingExtension,
  setupStakingExtension,
} from '@cosmjs/stargate';
import { connectComet } from '@cosmjs/tendermint-rpc';
import { makeIdentity, validatorHome, writeConfig } from '@semblance/consensus/cometbft/home';
import { describe, expect, onTestFinished, test } from 'vitest';
import { REQUESTER } from '../../packages/chain/test/support/ml.ts';
import { wallet } from '../../packages/chain/test/support/wallet.ts';
import { freePorts } from '../../packages/cli/src/network/ports.ts';
import {
  appHashes,
  heightOf,
  reach,
  rpc,
  startNetwork,
  type TestValidator,
  testValidator,
  until,
  WITHOUT_ENGINE,
} from '../cometbft/network.ts';

/* One validator of four does what it must not: it is found out, it pays, and the chain goes on. */

const LIAR = fileURLToPath(new URL('liar-process.ts', import.meta.url));
const STAKE = 10_000_000n;
/** Half of 20 blocks missed is enough. */
const IMPATIENT = { slashing: { params: { signed_blocks_window: '20' } } };

describe.skipIf(WITHOUT_ENGINE !== '')(`a dishonest validator of four${WITHOUT_ENGINE}`, () => {
  test('that lies in its application hash stops by itself and is jailed', async () => {
    const network = await startNetwork(4, 100, IMPATIENT);
    onTestFinished(() => network.remove());
    const [honest, second, third, liar] = network.validators as Four;
    await reach(liar, 3);
    await liar.stop();
    const lieFrom = (await heightOf(honest)) + 5;
    const process_ = spawn(process.execPath, [LIAR, liar.paths.home, String(lieFrom)], {
      stdio: 'ignore',
    });
    onTestFinished(() => end(process_));

    await reach(honest, lieFrom + 5);
    await until('the liar sees that it stands alone', async () => {
      const log = readFileSync(liar.paths.engineLog, 'utf8');
      return /wrong Block\.Header\.AppHash|CONSENSUS FAILURE/.test(log) ? true : undefined;
    });
    expect(await heightOf(liar)).toBeLessThanOrEqual(lieFrom);
    const chain = await queries(honest);
    const jailed = await until('it is jailed for its silence', async () => {
      const { validators } = await chain.staking.validators('BOND_STATUS_UNBONDING');
      return validators.find((one) => one.jailed);
    });
    // Its silence is the fault that others can prove; a wrong hash alone proves nothing to them.
    expect(BigInt(jailed.tokens)).toBe((STAKE * 99n) / 100n);
    await sameHistory([honest, second, third]);
  }, 180_000);

  test('that signs twice is slashed and out for good', async () => {
    const network = await startNetwork(4, 100);
    onTestFinished(() => network.remove());
    const [honest, second, third, double] = network.validators as Four;
    await reach(double, 3);
    const twin = await twinOf(double, [honest, second, third]);
    await twin.start();
    onTestFinished(() => twin.stop());
    await reach(twin, 3);

    // Transactions that the twin alone knows make its blocks other ones than its brother's.
    const client = await secretClient(twin);
    const chain = await queries(honest);
    const punished = await until(
      'the evidence is in a block',
      async () => {
        await client.offer();
        const { info } = await chain.slashing.signingInfos();
        return info.some(({ tombstoned }) => tombstoned) ? info : undefined;
      },
      150_000,
    );
    expect(punished.filter(({ tombstoned }) => tombstoned)).toHaveLength(1);
    const { validators } = await chain.staking.validators('');
    const stakes = validators.map(({ tokens }) => BigInt(tokens)).sort((a, b) => Number(a - b));
    expect(stakes).toEqual([(STAKE * 95n) / 100n, STAKE, STAKE, STAKE]);
    const height = await heightOf(honest);
    await reach(honest, height + 5);
    const { validators: voting } = await rpc(honest.rpcUrl, 'validators');
    expect(voting).toHaveLength(3);
    await sameHistory([honest, second, third]);
  }, 240_000);
});

type Four = [TestValidator, TestValidator, TestValidator, TestValidator];

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function queries({ rpcUrl }: TestValidator) {
  const comet = await connectComet(rpcUrl);
  onTestFinished(() => comet.disconnect());
  return QueryClient.withExtensions(comet, setupStakingExtension, setupSlashingExtension);
}

/** Equal application hashes at every height that all of them have. */
async function sameHistory(validators: readonly TestValidator[]): Promise<void> {
  // The newest block may be stored and not executed yet.
  const last = Math.min(...(await Promise.all(validators.map(heightOf)))) - 1;
  const [first, ...others] = await Promise.all(validators.map((one) => appHashes(one, last)));
  for (const other of others) expect(other).toEqual(first);
}

/** The same consensus key on a second machine, which does not know what the first has signed. */
async function twinOf(
  validator: TestValidator,
  others: readonly TestValidator[],
): Promise<TestValidator> {
  const home = mkdtempSync(join(tmpdir(), 'semblance-twin-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const paths = validatorHome(home);
  makeIdentity(paths);
  for (const file of ['priv_validator_key.json', 'genesis.json']) {
    const to = join(home, 'config', file);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(join(validator.paths.home, 'config', file), to);
  }
  const [rpcPort, p2pPort] = await freePorts(2);
  writeConfig(paths, {
    moniker: 'twin',
    application: paths.socket,
    rpc: `tcp://127.0.0.1:${rpcPort}`,
    p2p: `tcp://127.0.0.1:${p2pPort}`,
    peers: await Promise.all(others.map(peerOf)),
    blockMs: 100,
  });
  return testValidator(paths, `http://127.0.0.1:${rpcPort}`);
}

async function peerOf({ rpcUrl }: TestValidator): Promise<string> {
  const { node_info: node } = await rpc(rpcUrl, 'status');
  return `${node.id}@${node.listen_addr.replace(/^tcp:\/\//, '')}`;
}

/** Offers transfers to one validator's pool, one after the other. */
async function secretClient({ rpcUrl }: TestValidator) {
  const signer = await DirectSecp256k1Wallet.fromKey(REQUESTER.privateKey, 'sem');
  const client = await SigningStargateClient.connectWithSigner(rpcUrl, signer, {
    gasPrice: GasPrice.fromString('0.001usem'),
  });
  onTestFinished(() => client.disconnect());
  const { address } = REQUESTER;
  const message = {
    typeUrl: '/cosmos.bank.v1beta1.MsgSend',
    value: {
      fromAddress: address,
      toAddress: wallet('stranger').address,
      amount: coins(1, 'usem'),
    },
  };
  const fee = { amount: coins(1000, 'usem'), gas: '200000' };
  return {
    /** Refused while the one before is waiting, which is no harm. */
    async offer() {
      await client.signAndBroadcastSync(address, [message], fee).catch(() => undefined);
    },
  };
}
