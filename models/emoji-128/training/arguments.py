"""The options that all training scripts here take."""
import argparse


def parser(about, seconds, count, batch, lr):
    p = argparse.ArgumentParser(description=about)
    p.add_argument("--data", required=True, help="folder of packed.bin")
    p.add_argument("--tokenizer", required=True, help="tokenizer.json")
    p.add_argument("--work", required=True, help="folder of what was trained before, and of what is written")
    p.add_argument("--seconds", type=float, default=seconds)
    p.add_argument("--count", type=int, default=count, help="pictures to train on")
    p.add_argument("--batch", type=int, default=batch)
    p.add_argument("--lr", type=float, default=lr)
    return p
