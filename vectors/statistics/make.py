"""Write statistics.json: what scipy says of beta distributions, exact bounds and majorities.

    python vectors/statistics/make.py
"""
import json
import pathlib

import scipy
from scipy.special import gammaln, betainc
from scipy.stats import beta, betabinom, binom, binomtest

BETAS = [(0.5, 0.5), (1, 1), (1, 1440), (2, 3), (17, 1424), (720, 721), (1439, 2), (30, 1e6), (5e5, 5e5)]
PROBABILITIES = [1e-6, 0.005, 0.025, 0.3, 0.5, 0.9, 0.975, 0.995, 1 - 1e-6]
SHARES = [(0, 1), (1, 1), (0, 20), (1, 20), (20, 20), (10, 20), (33, 1440), (1407, 1440), (0, 1440),
          (1440, 1440), (7, 844350), (500000, 1000000)]
SINGLES = [0.0, 0.3, 0.5, 0.9, 0.977, 1.0]
CORRELATIONS = [0.0, 0.01, 0.3, 0.99]


def bounds(count, trials, confidence):
    interval = binomtest(count, trials).proportion_ci(confidence, method="exact")
    return [interval.low, interval.high]


def majority(size, single, correlation):
    least = size // 2
    if correlation == 0 or single in (0.0, 1.0):
        return float(binom.sf(least, size, single))
    strength = (1 - correlation) / correlation
    return float(betabinom.sf(least, size, single * strength, (1 - single) * strength))


answers = {
    "scipy": scipy.__version__,
    "logGamma": [[x, float(gammaln(x))] for x in [1e-3, 0.5, 1, 1.5, 2, 7.3, 11.99, 12, 100, 1441, 1e6]],
    "incompleteBeta": [[x, a, b, float(betainc(a, b, x))] for a, b in BETAS
                       for x in [1e-4, 0.01, 0.3, 0.5, 0.9, 0.999]],
    "quantiles": [[p, a, b, float(beta.ppf(p, a, b))] for a, b in BETAS for p in PROBABILITIES],
    "bounds": [[count, trials, confidence, *bounds(count, trials, confidence)]
               for count, trials in SHARES for confidence in (0.9, 0.95, 0.99)],
    "majorities": [[size, single, correlation, majority(size, single, correlation)]
                   for size in (1, 3, 5, 7) for single in SINGLES for correlation in CORRELATIONS],
}
pathlib.Path(__file__).with_name("statistics.json").write_text(json.dumps(answers) + "\n")
