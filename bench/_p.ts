import { startChain } from '../packages/chain/test/support/chain.ts';
import {
  FUNDED,
  idOf,
  mlGenesis,
  NODES,
  queryJob,
  REQUESTER,
  request,
  submitMessage,
  workOf,
} from '../packages/chain/test/support/ml.ts';
import { picture } from '../packages/chain/test/support/png.ts';

const N = 300;
const ROUNDS = Number(process.env.ROUNDS ?? 2);
const chain = startChain({ balances: FUNDED, ml: mlGenesis() });
const ahead = new Map<string, bigint>();
const tx = (w: any, m: any) => {
  const a = ahead.get(w.address) ?? 0n;
  ahead.set(w.address, a + 1n);
  return chain.tx(w, [m], { gas: 1000000n }, a);
};
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
let total = 0;
function phase(name: string, txs: Uint8Array[]) {
  let t = cpu();
  for (const x of txs) {
    const r = chain.app.checkTx(x);
    if (r.code) throw new Error(r.log);
  }
  const c = cpu() - t;
  t = cpu();
  const r = chain.block(txs);
  const b = cpu() - t;
  const bad = r.txResults.find((x) => x.code);
  if (bad) throw new Error(bad.log);
  ahead.clear();
  total += c + b;
  console.log(
    name,
    txs.length,
    'cpu ms/job: check',
    (c / N).toFixed(3),
    ' block',
    (b / N).toFixed(3),
  );
}
for (let round = 0; round < ROUNDS; round++) {
  total = 0;
  const reqs = Array.from({ length: N }, (_, n) =>
    request(
      { requester: REQUESTER.address, nonce: BigInt(round * N + n), committeeSize: 3 },
      { width: 32, height: 32 },
    ),
  );
  phase(
    'submit',
    reqs.map((r) => tx(REQUESTER, submitMessage(r))),
  );
  const works = reqs.flatMap((r) => {
    const j = queryJob(chain.app, idOf(r));
    return j.members.map((m) => {
      const w = NODES.find((n) => n.address === m.node)!;
      return { w, work: workOf(w, j.id, picture(0, 32)) };
    });
  });
  phase(
    'commit',
    works.map((x) => tx(x.w, x.work.commit)),
  );
  phase(
    'reveal',
    works.map((x) => tx(x.w, x.work.reveal())),
  );
  console.log(
    'round',
    round,
    'total cpu ms/job',
    (total / N).toFixed(3),
    queryJob(chain.app, idOf(reqs[5]!)).verdict,
    Buffer.from(chain.app.info().appHash).toString('hex').slice(0, 16),
  );
}
