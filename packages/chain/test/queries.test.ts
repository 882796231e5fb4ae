import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { toBech32 } from '@semblance/core/bech32';
import { fromUtf8 } from '@semblance/core/bytes';
import {
  QueryJobsRequestSchema,
  QueryJobsResponseSchema,
  QueryModelsResponseSchema,
  QueryNodesResponseSchema,
  QueryParamsResponseSchema,
} from '@semblance/proto/ml';
import { QueryAccountRequest } from 'cosmjs-types/cosmos/auth/v1beta1/query';
import {
  QueryAllBalancesRequest,
  QueryAllBalancesResponse,
  QuerySupplyOfRequest,
  QuerySupplyOfResponse,
  QueryTotalSupplyResponse,
} from 'cosmjs-types/cosmos/bank/v1beta1/query';
import { SignMode } from 'cosmjs-types/cosmos/tx/signing/v1beta1/signing';
import { SimulateRequest, SimulateResponse } from 'cosmjs-types/cosmos/tx/v1beta1/service';
import { AuthInfo, Tx, TxBody } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import { beforeAll, describe, expect, test } from 'vitest';
import { startChain, type TestChain } from './support/chain.ts';
import {
  FUNDED,
  idOf,
  MODEL,
  mlGenesis,
  NODES,
  REQUESTER,
  request,
  STAKE,
  submitMessage,
} from './support/ml.ts';
import { sendMessage } from './support/tx.ts';
import { wallet } from './support/wallet.ts';

let chain: TestChain;
const ids: Uint8Array[] = [];
beforeAll(() => {
  chain = startChain({ balances: FUNDED, ml: mlGenesis() });
  const jobs = Array.from({ length: 5 }, (_, i) => request({ nonce: BigInt(i) }));
  chain.deliver(
    REQUESTER,
    jobs.map((job) => submitMessage(job)),
  );
  ids.push(...jobs.map(idOf));
});

const query = (path: string, data: Uint8Array = new Uint8Array()) => chain.app.query(path, data);

describe('accounts and coins', () => {
  test('a missing account is said in the words that CosmJS looks for', () => {
    const { address } = wallet('nobody');
    const data = QueryAccountRequest.encode({ address }).finish();
    expect(query('/cosmos.auth.v1beta1.Query/Account', data)).toMatchObject({
      code: 22,
      log: `rpc error: code = NotFound desc = account ${address} not found: key not found`,
    });
  });

  test.each(['', 'sem1', 'cosmos1', toBech32('cosmos', new Uint8Array(20))])(
    'an address that is none: "%s"',
    (address) => {
      const data = QueryAccountRequest.encode({ address }).finish();
      expect(query('/cosmos.auth.v1beta1.Query/Account', data)).toMatchObject({ code: 18 });
    },
  );

  test('balances and supply, stakes included', () => {
    const data = QueryAllBalancesRequest.encode({
      address: NODES[0]?.address ?? '',
      resolveDenom: false,
    });
    const { value } = query('/cosmos.bank.v1beta1.Query/AllBalances', data.finish());
    const balances = [{ denom: 'usem', amount: '1000000000' }];
    expect(QueryAllBalancesResponse.decode(value).balances).toEqual(balances);
    const validator = 10_000_000n;
    const amount = (13n * 1_000_000_000n + 6n * STAKE + validator).toString();
    const of = QuerySupplyOfRequest.encode({ denom: 'usem' }).finish();
    const supply = query('/cosmos.bank.v1beta1.Query/SupplyOf', of);
    expect(QuerySupplyOfResponse.decode(supply.value).amount).toEqual({ denom: 'usem', amount });
    const total = query('/cosmos.bank.v1beta1.Query/TotalSupply');
    expect(QueryTotalSupplyResponse.decode(total.value).supply).toEqual([
      { denom: 'usem', amount },
    ]);
  });
});

test('unknown paths and broken requests get a code', () => {
  expect(query('/nowhere')).toMatchObject({ codespace: 'sdk', code: 6 });
  const broken = Uint8Array.of(0xff, 0xff);
  for (const path of [
    '/cosmos.auth.v1beta1.Query/Account',
    '/cosmos.bank.v1beta1.Query/Balance',
    '/cosmos.tx.v1beta1.Service/Simulate',
    '/semblance.ml.v1.Query/Job',
  ]) {
    expect(query(path, broken)).toMatchObject({ codespace: 'sdk', code: 18 });
  }
  expect(query('/semblance.ml.v1.Query/Job')).toMatchObject({ code: 22 });
  expect(query('/semblance.ml.v1.Query/Node')).toMatchObject({ code: 18 });
});

describe('the ml module', () => {
  test('params, models and nodes', () => {
    const params = fromBinary(
      QueryParamsResponseSchema,
      query('/semblance.ml.v1.Query/Params').value,
    );
    expect(params.params).toMatchObject({
      bondDenom: 'usem',
      maxPromptBytes: 2048,
      jobRetentionMs: 0n,
    });
    const models = fromBinary(
      QueryModelsResponseSchema,
      query('/semblance.ml.v1.Query/Models').value,
    );
    expect(models.models.map(({ id }) => id)).toEqual([MODEL]);
    const nodes = fromBinary(QueryNodesResponseSchema, query('/semblance.ml.v1.Query/Nodes').value);
    expect(new Set(nodes.nodes.map(({ address }) => address))).toEqual(
      new Set(NODES.map(({ address }) => address)),
    );
  });

  test('jobs by pages, newest first', () => {
    const page = (limit: number, before = new Uint8Array()) => {
      const data = create(QueryJobsRequestSchema, { limit, before });
      const { value } = query(
        '/semblance.ml.v1.Query/Jobs',
        toBinary(QueryJobsRequestSchema, data),
      );
      return fromBinary(QueryJobsResponseSchema, value);
    };
    const newest = ids.toReversed();
    const first = page(2);
    expect(first.jobs.map(({ id }) => id)).toEqual(newest.slice(0, 2));
    const second = page(2, first.next as Uint8Array<ArrayBuffer>);
    expect(second.jobs.map(({ id }) => id)).toEqual(newest.slice(2, 4));
    const third = page(2, second.next as Uint8Array<ArrayBuffer>);
    expect(third.jobs.map(({ id }) => id)).toEqual(newest.slice(4));
    expect(third.next).toHaveLength(0);
    expect(page(0).jobs).toHaveLength(5);
    const tooMany = create(QueryJobsRequestSchema, { limit: 101 });
    const data = toBinary(QueryJobsRequestSchema, tooMany);
    expect(query('/semblance.ml.v1.Query/Jobs', data)).toMatchObject({ code: 18 });
  });
});

describe('simulate', () => {
  const simulate = (body: TxBody, auth: Partial<AuthInfo>, signatures: Uint8Array[]) => {
    const authInfo = AuthInfo.fromPartial(auth);
    const txBytes = Tx.encode({ body, authInfo, signatures }).finish();
    return query(
      '/cosmos.tx.v1beta1.Service/Simulate',
      SimulateRequest.encode({ txBytes }).finish(),
    );
  };
  const send = (amount: bigint) =>
    TxBody.fromPartial({
      messages: [sendMessage(REQUESTER.address, wallet('bob').address, amount)],
    });
  const unsigned = {
    modeInfo: { single: { mode: SignMode.SIGN_MODE_UNSPECIFIED } },
    sequence: 99n,
  };
  const fee = { amount: [], gasLimit: 0n, payer: '', granter: '' };

  test('as CosmJS asks: an empty signature, no fee', () => {
    const result = simulate(send(5n), { signerInfos: [unsigned], fee }, [new Uint8Array()]);
    expect(result).toMatchObject({ code: 0, log: '' });
    const { gasInfo } = SimulateResponse.decode(result.value);
    const real = chain.deliver(REQUESTER, [
      sendMessage(REQUESTER.address, wallet('bob').address, 5n),
    ]);
    expect(gasInfo?.gasUsed).toBe(real.gasUsed);
  });

  test('as Keplr asks: no key, a signature of zeros', () => {
    const result = simulate(send(5n), { signerInfos: [unsigned], fee }, [new Uint8Array(64)]);
    expect(result.code).toBe(0);
  });

  test('what would fail fails, and nothing is kept', () => {
    const before = chain.balance(REQUESTER.address);
    const result = simulate(send(10n ** 12n), { signerInfos: [unsigned], fee }, [new Uint8Array()]);
    expect(result).toMatchObject({ codespace: 'sdk', code: 5 });
    expect(chain.balance(REQUESTER.address)).toBe(before);
    const garbage = SimulateRequest.encode({ txBytes: fromUtf8('garbage') }).finish();
    expect(query('/cosmos.tx.v1beta1.Service/Simulate', garbage)).toMatchObject({ code: 2 });
  });
});
