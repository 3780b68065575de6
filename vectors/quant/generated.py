"""The project's seeded stream (xoshiro128** 1.1, Blackman & Vigna 2018, keyed by SHA-256) and the generated pairs, in Python:
a peer of src/base/prng.ts and src/testing/quant/generated-pairs.ts, whole numbers only."""

import hashlib

PAIRS = 200
MASK = 0xFFFFFFFF


class prng:
    def __init__(self, seed):
        key = hashlib.sha256(f"number:{seed}".encode()).digest()
        self.words = [int.from_bytes(key[4 * i : 4 * i + 4], "big") for i in range(4)]

    def next32(self):
        a, b, c, d = self.words
        x = b * 5 & MASK
        result = ((x << 7 | x >> 25) & MASK) * 9 & MASK
        t = b << 9 & MASK
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= t
        d = (d << 11 | d >> 21) & MASK
        self.words = [a, b, c, d]
        return result

    def int(self, n):
        """Lemire (2019); n below 2^21."""
        while True:
            product = self.next32() * n
            if product & MASK >= (1 << 32) % n:
                return product >> 32


def toward_zero(numerator, denominator):
    return -(-numerator // denominator) if numerator < 0 else numerator // denominator


def generated_pair(number):
    """Pair 0 ... PAIRS - 1: independent walks, or a walk and a share of it with noise of more and more persistence."""
    random = prng(5000 + number)
    length = 60 + random.int(340)
    kind = number % 4
    regressor, response, x, other, error = [], [], 100_000, 80_000, 0
    for _ in range(length):
        x += random.int(2001) - 1000
        other += random.int(2001) - 1000
        error = toward_zero(error * kind * 3, 10) + random.int(2001) - 1000
        regressor.append(x / 1000)
        response.append((other if kind == 0 else toward_zero(x * 7, 10) + error) / 1000)
    return response, regressor
