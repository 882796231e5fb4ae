/** What a wallet has to be told of a network before it can serve it. */
export interface Network {
  readonly chainId: string;
  readonly chainName: string;
  /** Addresses of the chain's CometBFT RPC and of its REST. */
  readonly rpc: string;
  readonly rest: string;
  /** Prefix of account addresses, such as `sem`. */
  readonly prefix: string;
  /** Smallest unit of the coin, such as `usem`, a millionth of a SEM. */
  readonly denom: string;
}

const DECIMALS = 6;

/**
 * A network in the form of Keplr's `experimentalSuggestChain`, which Leap and Cosmostation take too.
 * Gas prices are of the smallest unit.
 */
export function keplrChainInfo({ chainId, chainName, rpc, rest, prefix, denom }: Network) {
  const currency = {
    coinDenom: denom.slice(1).toUpperCase(),
    coinMinimalDenom: denom,
    coinDecimals: DECIMALS,
  };
  return {
    chainId,
    chainName,
    rpc,
    rest,
    bip44: { coinType: 118 },
    bech32Config: {
      bech32PrefixAccAddr: prefix,
      bech32PrefixAccPub: `${prefix}pub`,
      bech32PrefixValAddr: `${prefix}valoper`,
      bech32PrefixValPub: `${prefix}valoperpub`,
      bech32PrefixConsAddr: `${prefix}valcons`,
      bech32PrefixConsPub: `${prefix}valconspub`,
    },
    stakeCurrency: currency,
    currencies: [currency],
    feeCurrencies: [{ ...currency, gasPriceStep: { low: 0.001, average: 0.0015, high: 0.003 } }],
    features: [],
  };
}
