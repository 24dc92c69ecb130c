"""Reference values of the purchase models, in 40 digits with mpmath, from the definitions rather than from the formulas
that src/scoring/models uses. Writes test/fixtures/purchase-models.json:

    python3 scripts/golden/purchase-models.py > test/fixtures/purchase-models.json

A customer buys at rate L ~ Gamma(r, alpha) (in stages of it: k stages a gap) and leaves after a purchase with chance
P ~ Beta(a, b). Likelihood, P(alive) and the expected number of purchases are integrals over L and P of what is plain once
both are known. Integrals over L are done by hand where they are a Gamma function, those over P by quadrature.
"""
import json
import sys
from mpmath import mp, mpf, quad, gamma, loggamma, digamma, log, exp, beta, betainc, inf, hyp2f1

mp.dps = 40

PARAMETERS = [
    ("0.243", "4.414", "0.793", "2.426"),
    ("0.525", "6.183", "0.891", "1.614"),
    ("0.11", "2.24", "0.31", "0.5"),
    ("0.5", "2", "1", "3"),
    ("1", "5", "0.4", "0.6"),
    ("0.8", "3", "0.2", "0.3"),
    ("2", "10", "2.5", "4"),
    ("77.8", "2405", "0.3", "2"),
    ("30", "50", "20", "3"),
]
HISTORIES = [
    (0, "0", "1"),
    (0, "0", "39"),
    (1, "2", "38"),
    (2, "30.43", "38.86"),
    (26, "30.86", "31"),
    (161, "94.71429", "98"),
    (204, "98.57143", "99.42857"),
    (221, "103.42857", "103.57143"),
    (254, "97.14286", "97.28571"),
    (1000, "190", "200"),
    (5000, "520.5", "521"),
]
HORIZONS = ["1", "52"]


def over_chances(a, stayed, f):
    """Mean of f(P) under Beta(a, stayed). Below a = 1 the substitution P = u^(1/a) takes the singularity at 0 away."""
    if a >= 1:
        mean = a / (a + stayed)
        places = [mean * step / 3 for step in range(1, 13)]
        g = lambda p: f(p) * p ** (a - 1) * (1 - p) ** (stayed - 1)
        return quad(g, [0, *(place for place in places if place < 1), 1]) / beta(a, stayed)
    g = lambda u: f(u ** (1 / a)) * (1 - u ** (1 / a)) ** (stayed - 1) / a
    near = min(mpf(1) / 2, (20 * a / (a + stayed)) ** a)
    return quad(g, [0, near / 16, near / 4, near, (1 + near) / 2, 1]) / beta(a, stayed)


def log_parts(k, x, tx, age, r, alpha, a, b, is_bg):
    """Logs of likelihood times chance: still there, and gone since the last purchase. Gaps of equal length."""
    gaps = x * (k - 1) * log(tx / x) - x * loggamma(k) if x else mpf(0)
    shape = r + k * x
    silent = age - tx
    front = gaps + r * log(alpha) - loggamma(r)
    # Sum over the stages that may have passed: integral of L^(shape+j-1) silent^j/j! exp(-L (alpha+age)).
    alive = sum(gamma(shape + j) * silent**j / gamma(j + 1) * (alpha + age) ** (-j) for j in range(k))
    coins = x if is_bg else x + 1
    here = front + log(alive) - shape * log(alpha + age) + log(beta(a, b + coins) / beta(a, b))
    if coins == 0:
        return here, None
    gone = front + loggamma(shape) - shape * log(alpha + tx) + log(beta(a + 1, b + coins - 1) / beta(a, b))
    return here, gone


def expected(k, x, tx, age, r, alpha, a, b, is_bg, t, alive):
    stayed = b + x + (0 if is_bg else 1)
    if k == 1:
        # Given L and P the number of purchases has the mean (1 - exp(-L P t)) / P; L is Gamma(r + x, alpha + age).
        f = lambda p: (1 - (1 + p * t / (alpha + age)) ** (-(r + x))) / p if p else (r + x) * t / (alpha + age)
        return alive * over_chances(a, stayed, f)
    # The m-th purchase needs k m - j stages, j having passed, and m - 1 times staying.
    z = t / (alpha + age + t)
    silent = age - tx
    weights = [gamma(r + k * x + j) / gamma(j + 1) * (silent / (alpha + age)) ** j for j in range(k)]
    total = sum(weights) / gamma(r + k * x)
    sum_ = mpf(0)
    for j in range(k):
        shape = r + k * x + j
        # P(N >= n) by adding up P(N = n) from above.
        chance = (1 - z) ** shape
        below = mpf(0)
        stay = mpf(1)
        n = 0
        m = 1
        while True:
            while n < k * m - j:
                below += chance
                chance *= (shape + n) / (n + 1) * z
                n += 1
            term = (1 - below) * stay
            if term < mpf(10) ** -30 * max(sum_, mpf(10) ** -20) and n > shape * z / (1 - z):
                break
            sum_ += weights[j] / gamma(r + k * x) / total * term
            stay *= (stayed + m - 1) / (a + stayed + m - 1)
            m += 1
    return alive * sum_


def number(value):
    return float(mp.nstr(value, 17))


def vectors():
    for name, k, is_bg in (("BG/NBD", 1, True), ("MBG/NBD", 1, False), ("MBG/CNBD-2", 2, False)):
        for parameters in PARAMETERS:
            for x, tx, age in HISTORIES:
                values = [mpf(one) for one in parameters]
                here, gone = log_parts(k, x, mpf(tx), mpf(age), *values, is_bg)
                alive = mpf(1) if gone is None else 1 / (1 + exp(gone - here))
                likelihood = here if gone is None else here + log(1 + exp(gone - here))
                if k == 2 and x > 300:
                    continue
                yield {
                    "model": name,
                    "parameters": [float(one) for one in parameters],
                    "history": [x, float(tx), float(age)],
                    "logLikelihood": number(likelihood),
                    "alive": number(alive),
                    "expected": [
                        [float(t), number(expected(k, x, mpf(tx), mpf(age), *values, is_bg, mpf(t), alive))]
                        for t in HORIZONS
                    ],
                }
                print(name, parameters, x, file=sys.stderr)


POINTS = ["1e-8", "1e-3", "0.1", "0.5", "1", "1.4616321449683623", "2", "3.7", "9.999", "10.001", "57.25", "1234.5", "1e6", "1e12"]
print(
    json.dumps(
        {
            "gamma": [[float(x), number(loggamma(mpf(float(x)))), number(digamma(mpf(float(x))))] for x in POINTS],
            "hypergeometric": [
                [a, b, c, z, number(hyp2f1(mpf(a), mpf(b), mpf(c), mpf(z)))]
                for a, b, c, z in [
                    (0.5, 0.3, 1.7, 0.2), (1.2, -0.4, 2.5, 0.9), (-3.5, 0.8, 5001.2, 0.99), (2.5, 1.5, 0.75, 0.5),
                ]
            ],
            "vectors": list(vectors()),
        },
        indent=0,
    )
)
