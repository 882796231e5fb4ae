"""The autoencoder for 128 pixels: emoji-64's, with more channels."""
from vae import VAE, Decoder, Encoder

import torch.nn as nn


class Autoencoder(VAE):
    """3 x 128 x 128 <-> 4 x 32 x 32."""

    def __init__(self):
        nn.Module.__init__(self)
        self.encoder, self.decoder = Encoder(w1=48, w2=96), Decoder(w1=56, w2=144)
