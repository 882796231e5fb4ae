import { InvalidInputError } from '@semblance/core/errors';
import { TxMsgData } from 'cosmjs-types/cosmos/base/abci/v1beta1/abci';
import type { ChainEvent, TxResult } from '../application.ts';
import type { ChainParams } from '../chain-params.ts';
import type { Context } from '../context.ts';
import { ApplicationError, RefusedError, sdkErrors } from '../errors.ts';
import { event } from '../events.ts';
import { GasMeter } from '../gas.ts';
import { runAnte, simulateAnte } from '../modules/auth/ante.ts';
import type { VerifySigner } from '../modules/auth/signers.ts';
import { Overlay, type Reader } from '../store/overlay.ts';
import { encodeCosmos } from './cosmos-wire.ts';
import { type DecodedTx, decodeTx, GAS_LIMIT_MAX } from './decode.ts';
import type { DecodeTx } from './decoded-txs.ts';

/** Where transactions run. */
type Place = Pick<Context, 'block' | 'params'>;

/** Where signed transactions run. */
export interface Environment extends Place {
  readonly decode: DecodeTx;
  readonly verify: VerifySigner;
}

/** A transaction on its way: what it used and emitted so far. */
interface Run {
  readonly tx: DecodedTx;
  readonly meter: GasMeter;
  readonly events: ChainEvent[];
}

/** Runs a transaction of a block. A failed one changes nothing but its fee and sequences. */
export function deliverTx(environment: Environment, block: Overlay, bytes: Uint8Array): TxResult {
  const tx = () => environment.decode(bytes);
  return attempt(environment, tx, gasLimit, (run) => {
    staged(environment, block, run, (context) =>
      runAnte(context, run.tx, run.meter, environment.verify),
    );
    return staged(environment, block, run, (context) => runMessages(context, run));
  });
}

/** Checks whether a transaction may be pooled, over a state that remembers earlier ones. */
export function checkTx(environment: Environment, pool: Overlay, bytes: Uint8Array): TxResult {
  const tx = () => environment.decode(bytes);
  return attempt(environment, tx, gasLimit, (run) => {
    staged(environment, pool, run, (context) =>
      runAnte(context, run.tx, run.meter, environment.verify),
    );
    return new Uint8Array();
  });
}

/** Runs a transaction that need not be signed nor paid, to learn its gas. Nothing is kept. */
export function simulateTx(environment: Place, state: Reader, bytes: Uint8Array): TxResult {
  return attempt(
    environment,
    () => decodeTx(bytes),
    () => GAS_LIMIT_MAX,
    (run) =>
      staged(environment, new Overlay(state), run, (context) => {
        simulateAnte(context, run.tx, run.meter);
        return runMessages(context, run);
      }),
  );
}

const gasLimit = (tx: DecodedTx) => tx.authInfo.fee?.gasLimit ?? 0n;

/** Turns every refusal into a result. `act` returns the result's data. */
function attempt(
  { params }: Place,
  decode: () => DecodedTx,
  limitOf: (tx: DecodedTx) => bigint,
  act: (run: Run) => Uint8Array,
): TxResult {
  let meter = new GasMeter(0n);
  const events: ChainEvent[] = [];
  try {
    const tx = decode();
    meter = new GasMeter(limitOf(tx));
    validateMessages(tx, params);
    const data = act({ tx, meter, events });
    const gas = { gasWanted: meter.limit, gasUsed: meter.used };
    return { code: 0, codespace: '', data, log: '', ...gas, events };
  } catch (error) {
    const { number, codespace, log } = refusal(error);
    const gas = { gasWanted: meter.limit, gasUsed: meter.used };
    return { code: number, codespace, data: new Uint8Array(), log, ...gas, events };
  }
}

function validateMessages({ messages }: DecodedTx, params: ChainParams): void {
  for (const message of messages) {
    try {
      message.validate(params);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      throw new RefusedError(message.invalid, error.message, { cause: error });
    }
  }
}

/** Runs a step over `base`: its changes and events stay only if it does not throw. */
function staged<T>(
  { block, params }: Place,
  base: Overlay,
  run: Run,
  step: (context: Context) => T,
): T {
  const state = new Overlay(base);
  const events: ChainEvent[] = [];
  const result = step({ block, params, state, events });
  state.mergeInto(base);
  run.events.push(...events);
  return result;
}

function runMessages(context: Context, { tx, meter }: Run): Uint8Array {
  const msgResponses = tx.messages.map((message) => {
    meter.consume(message.gas, message.typeUrl);
    const action = message.typeUrl;
    context.events.push(event('message', { action, sender: message.signer }));
    return { typeUrl: message.responseTypeUrl, value: message.execute(context) };
  });
  return encodeCosmos(TxMsgData, { data: [], msgResponses });
}

/**
 * What an error means for the transaction. A failing store is no fault of the transaction and
 * stops the chain; any other surprise is a defect of a handler and costs only the transaction.
 */
function refusal(error: unknown): { number: number; codespace: string; log: string } {
  if (error instanceof RefusedError) return { ...error.details, log: error.message };
  if (error instanceof InvalidInputError) {
    return { ...sdkErrors.invalidRequest, log: `${error.message}: invalid request` };
  }
  if (error instanceof ApplicationError) throw error;
  return { ...sdkErrors.panic, log: `recovered: ${String(error)}` };
}
