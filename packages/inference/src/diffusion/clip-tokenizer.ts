import { InvalidInputError } from '@semblance/core/errors';

/*
 * Stable Diffusion v1.5 ships CLIP's tokenizer in its first form, vocab.json and merges.txt. This
 * says the same as a tokenizer.json: lower-cased words and single digits, byte-level pairs, and
 * "</w>" at the end of each word (Radford et al., arXiv 2103.00020, section 2.4).
 */

const START = '<|startoftext|>';
const END = '<|endoftext|>';
const WORDS = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

/** @throws InvalidInputError when the vocabulary or the merges are not CLIP's. */
export function clipTokenizer(vocabJson: unknown, mergesText: string): object {
  const vocab = parseVocab(vocabJson);
  const special = (content: string) => {
    const id = vocab[content];
    if (id === undefined) throw new InvalidInputError('vocab', `has no ${content}`);
    return {
      id,
      content,
      special: true,
      normalized: true,
      lstrip: false,
      rstrip: false,
      single_word: false,
    };
  };
  const [start, end] = [special(START), special(END)];
  const piece = (token: string) => ({ SpecialToken: { id: token, type_id: 0 } });
  const ids = (token: { id: number; content: string }) => ({
    [token.content]: { id: token.content, ids: [token.id], tokens: [token.content] },
  });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [start, end],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: WORDS }, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: {
      type: 'TemplateProcessing',
      single: [piece(START), { Sequence: { id: 'A', type_id: 0 } }, piece(END)],
      pair: [],
      special_tokens: { ...ids(start), ...ids(end) },
    },
    decoder: null,
    model: {
      type: 'BPE',
      unk_token: END,
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      vocab,
      merges: parseMerges(mergesText),
    },
  };
}

function parseVocab(json: unknown): Record<string, number> {
  const isVocab =
    typeof json === 'object' &&
    json !== null &&
    Object.values(json).every((id) => Number.isInteger(id) && (id as number) >= 0);
  if (!isVocab) throw new InvalidInputError('vocab', 'not tokens and their ids');
  return json as Record<string, number>;
}

/** Pairs, one a line after a line that names the version. */
function parseMerges(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#version'));
  const pairs = lines.map((line) => line.trimEnd().split(' '));
  if (pairs.some((pair) => pair.length !== 2)) {
    throw new InvalidInputError('merges', 'not two symbols a line');
  }
  return pairs;
}
