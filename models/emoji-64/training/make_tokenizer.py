"""Train the tokenizer on generated captions and write the two tokenizer files."""
import json
import sys
from pathlib import Path

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from captions import caption
from compose import COLOUR_NAMES
from concepts import CONCEPTS, DRAWN_STYLES

LENGTH = 32
BOS, EOS = "<|startoftext|>", "<|endoftext|>"


def corpus(n=60000):
    rng = np.random.default_rng(0)
    for i in range(n):
        c = i % len(CONCEPTS)
        yield caption(
            rng, c, DRAWN_STYLES[rng.integers(len(DRAWN_STYLES))],
            COLOUR_NAMES[rng.integers(len(COLOUR_NAMES))], rng.uniform(0.55, 1))
    for c in CONCEPTS:  # the names of all concepts, aliases and groups, often enough to become words
        for _ in range(30):
            yield from [c["name"], *c["aliases"], c["group"]]


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    t = Tokenizer(models.BPE(unk_token=None))
    t.normalizer = normalizers.Sequence([
        normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip(), normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True, use_regex=True)
    t.decoder = decoders.ByteLevel()
    t.train_from_iterator(corpus(), trainers.BpeTrainer(
        vocab_size=1024 if len(CONCEPTS) < 200 else 2048, min_frequency=25, special_tokens=[BOS, EOS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    ids = [(BOS, t.token_to_id(BOS)), (EOS, t.token_to_id(EOS))]
    t.post_processor = processors.TemplateProcessing(single=f"{BOS} $A {EOS}", special_tokens=ids)
    t.save(str(out / "tokenizer.json"))
    special = lambda s: dict(content=s, lstrip=False, normalized=False, rstrip=False, single_word=False, special=True)
    (out / "tokenizer_config.json").write_text(json.dumps(dict(
        tokenizer_class="PreTrainedTokenizerFast", model_max_length=LENGTH, do_lower_case=True,
        add_prefix_space=True, bos_token=BOS, eos_token=EOS, pad_token=EOS, unk_token=EOS,
        clean_up_tokenization_spaces=False,
        added_tokens_decoder={str(i): special(s) for s, i in ids}), indent=2) + "\n")
    print(t.get_vocab_size(), "tokens;", t.encode("A photo of a SHARK on a blue background").tokens)


if __name__ == "__main__":
    main()
