import { startEngine } from './cometbft/engine.ts';
import { validatorHome } from './cometbft/home.ts';
import { ConsensusError } from './errors.ts';
import { readGenesis } from './genesis.ts';
import { Lifetime } from './lifetime.ts';
import type { ListenAddress } from './listen.ts';
import { type ApplicationFactory, startValidatorApplication } from './validator-application.ts';
import { readValidatorKey } from './validator-key.ts';

export interface ValidatorOptions {
  /** Directory with CometBFT's `config`, as `validatorHome` lays it out. */
  readonly home: string;
  /** Path of the CometBFT binary. */
  readonly binary: string;
  /** Blocks from one snapshot to the next, a multiple of 100. Default 1000. */
  readonly snapshotEvery?: bigint;
  /** Where Prometheus may ask how the application does. Default: nowhere. */
  readonly metrics?: ListenAddress;
  /** Stops it when it aborts. */
  readonly signal?: AbortSignal;
}

export interface Validator {
  /** CometBFT's RPC. */
  readonly rpcUrl: string;
  /** CometBFT's process. */
  readonly enginePid: number | undefined;
  stop(): Promise<void>;
  /** Settles when it has stopped; rejects with the reason if engine or application failed. */
  readonly stopped: Promise<void>;
}

/**
 * Runs a validator: the application in this process and CometBFT beside it. Either ends with the
 * other, so that whoever supervises this process has one thing to restart.
 */
export async function startValidator(
  options: ValidatorOptions,
  create?: ApplicationFactory,
): Promise<Validator> {
  const { binary, snapshotEvery, metrics, signal } = options;
  const paths = validatorHome(options.home);
  const lifetime = new Lifetime();
  try {
    const application = await startValidatorApplication(
      {
        home: paths.application,
        chainId: readGenesis(paths.genesis).chain_id,
        address: paths.socket,
        validatorKey: readValidatorKey(paths.validatorKey),
        ...(snapshotEvery === undefined ? {} : { snapshotEvery }),
        ...(metrics === undefined ? {} : { metrics }),
      },
      create,
    );
    lifetime.onEnd(() => application.stop());
    const failed = new AbortController();
    application.stopped.catch((error: Error) => {
      failed.abort(error);
      lifetime.fail(error);
    });
    const engine = await startEngine({
      binary,
      paths,
      application: application.address,
      signal: AbortSignal.any([failed.signal, ...(signal ? [signal] : [])]),
    });
    lifetime.onEnd(() => engine.stop());
    void engine.ended.then(() =>
      lifetime.fail(
        new ConsensusError('ENGINE_ENDED', `CometBFT ended; see ${paths.engineLog}`, {}),
      ),
    );
    signal?.addEventListener('abort', () => void lifetime.end(), { once: true });
    return {
      rpcUrl: engine.rpcUrl,
      enginePid: engine.pid,
      stop: () => lifetime.end(),
      stopped: lifetime.ended,
    };
  } catch (error) {
    // Whoever calls is told here.
    lifetime.ended.catch(() => undefined);
    await lifetime.close();
    throw error;
  }
}
