/** What a signer is shown: the two halves of a transaction and the bytes that bind them. */
export interface UnsignedTx {
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
  readonly chainId: string;
  readonly accountNumber: bigint;
  /** Protobuf of cosmos.tx.v1beta1.SignDoc (SIGN_MODE_DIRECT). */
  readonly signBytes: Uint8Array;
}

/** A wallet may change fee or memo before it signs, so it hands the halves back. */
export interface SignedTx {
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
  /** r || s, 64 bytes. */
  readonly signature: Uint8Array;
}

/** Whoever holds a key: a local {@link Key} or a wallet. */
export interface Signer {
  readonly address: string;
  /** Compressed secp256k1, 33 bytes. */
  readonly publicKey: Uint8Array;
  sign(tx: UnsignedTx): Promise<SignedTx>;
}
