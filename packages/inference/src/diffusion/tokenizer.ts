import { Tokenizer } from '@huggingface/tokenizers';
import { InvalidInputError } from '@semblance/core/errors';
import { JsonReader } from '../json-reader.ts';

/** Token ids of a prompt, always exactly as many as the text encoder takes. */
export type Tokenize = (text: string) => number[];

/**
 * A tokenizer from `tokenizer.json` and `tokenizer_config.json`. Prompts are cut so that the end
 * token remains, and padded with the pad token to `model_max_length`, as transformers does.
 *
 * @throws InvalidInputError naming the file's field
 */
export function createTokenizer(tokenizerJson: unknown, configJson: unknown): Tokenize {
  const config = new JsonReader('tokenizer_config', configJson);
  const length = config.integer('model_max_length', 2, 4096);
  const tokenizer = new Tokenizer(tokenizerJson as object, configJson as object);
  const end = idOf(tokenizer, configJson as Fields, ['eos_token']);
  const pad = idOf(tokenizer, configJson as Fields, ['pad_token', 'eos_token']);

  return (text) => {
    const { ids } = tokenizer.encode(text);
    const kept = ids.length > length ? [...ids.slice(0, length - 1), end] : ids;
    return [...kept, ...new Array<number>(length - kept.length).fill(pad)];
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** Id of the first of these special tokens that the config names, as a string or as an AddedToken. */
function idOf(tokenizer: Tokenizer, config: Fields, fields: readonly string[]): number {
  for (const field of fields) {
    const value = config[field];
    const token = typeof value === 'object' && value !== null ? (value as Fields).content : value;
    if (typeof token !== 'string') continue;
    const id = tokenizer.token_to_id(token);
    if (id !== undefined) return id;
  }
  throw new InvalidInputError(`tokenizer_config.${fields[0]}`, 'not in the vocabulary');
}
