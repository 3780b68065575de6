"""Reads the lines of engle-granger.ts and compares each p-value with statsmodels' `coint` on the same numbers.

Exit 0 when all PAIRS were seen and none differs by more than TOLERANCE, 1 otherwise.
"""

import json
import sys
import warnings

import statsmodels
from statsmodels.tsa.stattools import coint

PAIRS = 200
TOLERANCE = 1e-6

warnings.simplefilter("ignore")
seen, largest, failures = 0, 0.0, 0
for line in sys.stdin:
    pair = json.loads(line)
    statistic, p, _ = coint(pair["response"], pair["regressor"], trend="c", autolag="aic")
    difference = abs(p - pair["pValue"])
    seen, largest = seen + 1, max(largest, difference)
    if not difference <= TOLERANCE:
        failures += 1
        print(f"pair {pair['number']}: p {pair['pValue']} (statistic {pair['statistic']}), statsmodels {p} ({statistic})")
if seen != PAIRS:
    failures += 1
    print(f"expected {PAIRS} pairs, saw {seen}")
print(f"largest difference {largest:.2e} of {TOLERANCE} allowed, statsmodels {statsmodels.__version__}")
print(f"engle-granger: {seen} passed, 0 failed" if failures == 0 else f"engle-granger: {max(0, seen - failures)} passed, {failures} failed")
sys.exit(0 if failures == 0 else 1)
