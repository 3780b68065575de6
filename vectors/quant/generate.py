"""Reference values for src/quant from other people's libraries; writes the JSON files beside it.

    pip install -r requirements.txt && python generate.py

Nothing here is used at run time. Inputs are whole numbers drawn by generated.py and divided by a power of ten, so that both
languages start from the same doubles.
"""

import itertools
import json
import math
import pathlib
import warnings

import empyrical
import numpy as np
import pandas as pd
import scipy.integrate
import scipy.special
import scipy.stats
import statsmodels.api as sm
import talib
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.stats.multitest import multipletests
from statsmodels.tsa.adfvalues import mackinnonp
from statsmodels.tsa.stattools import acf, adfuller, coint

from generated import PAIRS, generated_pair, prng, toward_zero

HERE = pathlib.Path(__file__).parent
VERSIONS = {module.__name__: module.__version__ for module in (np, pd, scipy, talib, empyrical)}
VERSIONS["statsmodels"] = __import__("statsmodels").__version__


def write(name, content):
    text = json.dumps({"source": VERSIONS, **content}, allow_nan=False, separators=(",", ":"))
    (HERE / name).write_text(text.replace('],"', '],\n"') + "\n")


def column(values):
    return [None if math.isnan(x) else float(x) for x in values]


def bars(count):
    random = prng(1001)
    close, rows = 100_000, []
    for _ in range(count):
        start = close + random.int(1201) - 600
        close = max(1000, start + random.int(3001) - 1500)
        high = max(start, close) + random.int(800)
        low = min(start, close) - random.int(800)
        rows.append((high / 1000, low / 1000, close / 1000, random.int(100_000)))
    rows[60:64] = [(rows[60][2], rows[60][2], rows[60][2], 0)] * 4  # bars without range
    return [np.array(x, dtype=float) for x in zip(*rows)]


def coarse_bars(count):
    """Whole numbers in a narrow range: equal moves up and down, unchanged bars and ties are common."""
    random = prng(1002)
    rows = []
    for _ in range(count):
        low = 10 + random.int(4)
        high = low + random.int(4)
        rows.append((high, low, low + random.int(high - low + 1)))
    return [np.array(x, dtype=float) for x in zip(*rows)]


def wilder_first(values, period):
    return pd.Series(values).ewm(alpha=1 / period, adjust=False).mean().to_numpy()


def hide(values, first):
    values = np.array(values, dtype=float)
    values[:first] = np.nan
    return column(values)


def indicators():
    high, low, close, volume = bars(160)
    upper, middle, lower = talib.BBANDS(close, 20, 2, 2)
    line, signal, histogram = talib.MACD(close, 12, 26, 9)
    change = np.diff(close)
    gains, losses = wilder_first(np.maximum(change, 0), 14), wilder_first(np.maximum(-change, 0), 14)
    ranges = talib.TRANGE(high, low, close)[1:]
    ewm = lambda n: pd.Series(close).ewm(span=n, adjust=False).mean()
    macd_first = (ewm(12) - ewm(26)).iloc[25:]
    signal_first = macd_first.ewm(span=9, adjust=False).mean()
    rolling = pd.Series(close).rolling(20)
    coarse = coarse_bars(80)
    write("indicators.json", {
        "coarse": {
            "high": column(coarse[0]), "low": column(coarse[1]), "close": column(coarse[2]),
            "adx3": column(talib.ADX(*coarse, 3)), "rsi3": column(talib.RSI(coarse[2], 3)), "atr3": column(talib.ATR(*coarse, 3)),
        },
        "high": column(high), "low": column(low), "close": column(close), "volume": column(volume),
        "talib": {
            "sma14": column(talib.SMA(close, 14)), "meanVolume20": column(talib.SMA(volume, 20)),
            "ema10": column(talib.EMA(close, 10)), "rsi14": column(talib.RSI(close, 14)),
            "bollingerLower": column(lower), "bollingerMiddle": column(middle), "bollingerUpper": column(upper),
            "atr14": column(talib.ATR(high, low, close, 14)), "adx14": column(talib.ADX(high, low, close, 14)),
            "adx5": column(talib.ADX(high, low, close, 5)),
            "macd": column(line), "macdSignal": column(signal), "macdHistogram": column(histogram),
            "donchianUpper": column(talib.MAX(high, 20)), "donchianLower": column(talib.MIN(low, 20)),
        },
        "pandas": {
            "ema10First": hide(ewm(10), 9),
            "rsi14First": [None] * 14 + column((100 * gains / (gains + losses))[13:]),
            "atr14First": [None] * 14 + column(wilder_first(ranges, 14)[13:]),
            "macdFirst": [None] * 33 + column(macd_first.iloc[8:]), "macdSignalFirst": [None] * 33 + column(signal_first.iloc[8:]),
            "deviation20Sample": column(rolling.std(ddof=1)), "deviation20Population": column(rolling.std(ddof=0)),
        },
    })


def walk(seed, count, scale=1000):
    random, x, values = prng(seed), 0, []
    for _ in range(count):
        x += random.int(2001) - 1000
        values.append(x / scale)
    return np.array(values)


def noise(seed, count, scale=1000):
    return np.diff(np.concatenate([[0.0], walk(seed, count, 1)])) / scale


def regressions():
    x1, x2, e = walk(21, 120), noise(22, 120), noise(23, 120)
    y = 3 + 0.5 * x1 - 2 * x2 + np.cumsum(e) * 0.1
    X = np.column_stack([np.ones(120), x1, x2])
    fit = sm.OLS(y, X).fit()
    robust = sm.OLS(y, X).fit(cov_type="HAC", cov_kwds={"maxlags": 6, "use_correction": False})
    mean = sm.OLS(y, np.ones(120)).fit(cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": False})
    line = scipy.stats.linregress(x1, y)
    return {
        "x1": column(x1), "x2": column(x2), "y": column(y), "coefficients": column(fit.params), "standardErrors": column(fit.bse),
        "residualSquares": float(fit.ssr), "neweyWest6": column(robust.bse), "neweyWestMean4": float(mean.bse[0]),
        "line": [line.intercept, line.slope], "pearson": float(scipy.stats.pearsonr(x1, y)[0]),
        "covarianceSample": float(np.cov(x1, y)[0, 1]),
    }


def unit_roots():
    cases = []
    for seed, count in ((31, 60), (32, 126), (33, 250), (34, 126)):
        values = walk(seed, count) if seed % 2 else noise(seed, count)
        for terms, name in (("n", "none"), ("c", "constant"), ("ct", "trend")):
            found = adfuller(values, regression=terms, autolag="AIC", result_object=True)
            fixed = adfuller(values, maxlag=3, regression=terms, autolag=None, result_object=True)
            cases.append({
                "seed": seed, "count": count, "terms": name,
                "aic": [found.statistic, found.pvalue, found.lags, found.nobs],
                "fixed3": [fixed.statistic, fixed.pvalue, fixed.lags, fixed.nobs],
            })
    return cases


def surfaces():
    taus = [-30, -19, -10, -5, -4.2, -3.5, -3, -2.5, -2, -1.61, -1.5, -1, -0.5, 0, 0.6, 0.9, 1.3, 2, 3]
    terms = (("n", "none"), ("c", "constant"), ("ct", "trend"))
    return {"taus": taus, **{name: [[float(mackinnonp(t, code, n)) for t in taus] for n in range(1, 7)] for code, name in terms}}


def statistics():
    values = noise(41, 200) + 0.25 * np.sign(noise(42, 200))
    other = noise(43, 150) * 1.3 - 0.1
    tied_first, tied_second = np.round(noise(44, 40) * 5), np.round(noise(45, 30) * 5) + 1
    pvalues = np.array([1, 8, 39, 41, 42, 60, 74, 205, 212, 216, 222, 251, 269, 275, 340, 341, 384, 569, 594, 696, 762, 940, 942, 975, 986]) / 1000
    box = acorr_ljungbox(values, lags=[1, 5, 10])
    tests = {}
    for alternative, name in (("two-sided", "twoSided"), ("greater", "greater"), ("less", "less")):
        plain = scipy.stats.mannwhitneyu(values, other, alternative=alternative, method="asymptotic")
        tied = scipy.stats.mannwhitneyu(tied_first, tied_second, alternative=alternative, method="asymptotic")
        tests[name] = {"plain": [float(x) for x in plain], "tied": [float(x) for x in tied]}
    gammas = [[a, x, float(scipy.special.gammaincc(a, x))] for a in (0.5, 1, 2.5, 7, 40, 500) for x in (0.001, 0.5, 1, 3, 8, 42, 90, 480, 700)]
    write("stats.json", {
        "values": column(values), "other": column(other), "tiedFirst": column(tied_first), "tiedSecond": column(tied_second),
        "numpy": {
            "mean": float(np.mean(values)), "varianceSample": float(np.var(values, ddof=1)), "variancePopulation": float(np.var(values)),
            "quantilesLinear": [[p, float(np.quantile(values, p))] for p in (0, 0.01, 0.05, 0.25, 0.5, 0.77, 0.99, 1)],
            "quantilesInverse": [[p, float(np.quantile(values, p, method="inverted_cdf"))] for p in (0, 0.01, 0.05, 0.25, 0.5, 0.77, 0.99, 1)],
        },
        "scipy": {
            "skewness": float(scipy.stats.skew(values)), "kurtosis": float(scipy.stats.kurtosis(values, fisher=False)),
            "jarqueBera": [float(x) for x in scipy.stats.jarque_bera(values)], "mannWhitney": tests, "upperGamma": gammas,
        },
        "statsmodels": {
            "acf10": column(acf(values, nlags=10, fft=False)), "ljungBoxLags": [1, 5, 10],
            "ljungBox": [column(box["lb_stat"]), column(box["lb_pvalue"])],
            "pValues": column(pvalues),
            "benjaminiHochberg": column(multipletests(pvalues, 0.05, "fdr_bh")[1]),
            "benjaminiYekutieli": column(multipletests(pvalues, 0.05, "fdr_by")[1]),
            "regression": regressions(), "unitRoots": unit_roots(), "mackinnon": surfaces(),
        },
    })


def engle_granger():
    rows = []
    for number in range(PAIRS):
        response, regressor = (np.array(x, dtype=float) for x in generated_pair(number))
        statistic, p, _ = coint(response, regressor, trend="c", autolag="aic")
        rows.append([float(statistic), float(p)])
    three = [walk(61, 150), walk(62, 150), walk(63, 150)]
    several = [[*map(float, coint(three[0], np.column_stack(three[1:]), trend=t)[:2])] for t in ("n", "c", "ct")]
    write("engle-granger.json", {"statsmodels": rows, "threeSeries": several})


def mixture(events, trials, p0, upper):
    a, b = math.log(p0), math.log(upper)
    ratio = lambda u: math.exp(events * (u - a) + (trials - events) * (math.log1p(-math.exp(u)) - math.log1p(-p0)))
    peak = math.log(min(upper, max(p0, events / trials)))
    parts = scipy.integrate.quad(ratio, a, b, points=[peak] if a < peak < b else None, epsabs=0, epsrel=1e-12, limit=500)
    return parts[0] / (b - a)


def t_ratio(n, mean, sd, null, sharpe):
    """Likelihood ratio of two per-period Sharpe ratios, given the t statistic of n returns."""
    t = mean / sd * math.sqrt(n)
    return float(scipy.stats.nct.pdf(t, n - 1, math.sqrt(n) * sharpe) / scipy.stats.nct.pdf(t, n - 1, math.sqrt(n) * null))


def performance():
    returns = noise(51, 750, 60_000) + 0.0004
    equity = 1_000_000 * np.cumprod(np.concatenate([[1.0], 1 + returns]))
    level = 0.975
    mean, sd = float(np.mean(returns)), float(np.std(returns, ddof=1))
    tail = scipy.stats.norm(mean, sd)
    quantile = tail.ppf(1 - level)
    cases = [(1, 99, 0.01, 0.5), (3, 20, 0.01, 0.5), (5, 50, 0.01, 0.5), (0, 500, 0.01, 0.5), (40, 2000, 0.01, 0.5), (700, 1200, 0.5, 0.9),
             (2, 3, 0.001, 0.5), (120, 100_000, 0.001, 0.5)]
    write("performance.json", {
        "returns": column(returns),
        "empyrical": {
            "sharpe": float(empyrical.sharpe_ratio(returns)), "sortino": float(empyrical.sortino_ratio(returns)),
            "annualGrowth": float(empyrical.annual_return(returns)), "maxDrawdown": float(-empyrical.max_drawdown(returns)),
            "calmar": float(empyrical.calmar_ratio(returns)), "downsideDeviation": float(empyrical.downside_risk(returns) / math.sqrt(252)),
        },
        "numpy": {
            "equityEnd": float(equity[-1]),
            "valueAtRisk": float(np.quantile(-returns, level, method="inverted_cdf")),
            "valueAtRiskLinear": float(np.quantile(-returns, level)),
        },
        "scipy": {
            "level": level, "normalValueAtRisk": float(-quantile),
            "normalExpectedShortfall": float(-tail.expect(lambda x: x, ub=quantile, epsabs=1e-14) / (1 - level)),
            "bernoulliMixture": [[*case, mixture(*case)] for case in cases],
            "sharpeMixture": [[*case, t_ratio(*case)] for case in itertools.product(
                (2, 10, 60, 250), (0.3, -0.1), (1.0, 2.0), (0.0, 0.05), (0.1, 0.25))],
            "normalMaximum": [[n, float(scipy.integrate.quad(
                lambda z: z * n * scipy.stats.norm.pdf(z) * scipy.stats.norm.cdf(z) ** (n - 1), -12, 12, epsabs=1e-12, limit=500)[0])]
                for n in (2, 10, 100, 1000)],
        },
    })


def block_lengths():
    """First-order autoregressions of whole numbers, from none to strong dependence, and a seasonal one."""
    import arch
    from arch.bootstrap import optimal_block_length

    series = []
    for number, (length, tenths, season) in enumerate(((250, 0, 0), (250, 5, 0), (1000, 3, 0), (1000, 9, 0), (2500, -6, 0), (40, 7, 0), (500, 0, 4))):
        random, values = prng(7000 + number), []
        for i in range(length):
            before = values[-1] if values else 0
            back = values[i - season] if season and i >= season else 0
            values.append(toward_zero(before * tenths + back * 8, 10) + random.int(2001) - 1000)
        series.append({"values": values, "block": float(optimal_block_length(np.array(values, dtype=float))["stationary"].iloc[0])})
    (HERE / "block-lengths.json").write_text(
        json.dumps({"source": {"arch": arch.__version__}, "series": series}, separators=(",", ":")).replace("},{", "},\n{") + "\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    block_lengths()
    indicators()
    statistics()
    engle_granger()
    performance()
