"""Mean reversion in backtrader, `RUNS FILE...`, on the CSV files named, daily bars: one JSON line with bars, trades and seconds of CPU, of the best of RUNS runs each.

Taken off is what backtrader spends on opening, reading and parsing its files (`_start` and `preload` of the feeds), and nothing else: its indicators, its broker and the
stepping from bar to bar are counted. It writes no statistics of its own accord (`stdstats=False`). `seconds`: with the figures that the other side makes too, by
backtrader's own analyzers: the return of each day and the Sharpe ratio of all, the deepest drawdown, what each trade made. `bareSeconds`: without any."""

import datetime
import json
import sys
import time

import backtrader as bt


class MeanReversion(bt.Strategy):
    """The rules of backtest-semantics: lower band, RSI below 30 and volume for an entry; band, RSI, stop or five bars for an exit."""

    def __init__(self):
        self.rsi = {d: bt.indicators.RSI_Safe(d, period=14) for d in self.datas}
        self.bands = {d: bt.indicators.BollingerBands(d, period=20, devfactor=2) for d in self.datas}
        self.volume = {d: bt.indicators.SMA(d.volume, period=20) for d in self.datas}
        self.since, self.stops, self.busy, self.trades = {}, {}, set(), 0

    def notify_order(self, order):
        data = order.data
        if order.status == order.Completed:
            if order.isbuy():
                self.since[data] = len(data)
                self.stops[data] = self.sell(data, size=order.executed.size, exectype=bt.Order.Stop, price=0.98 * order.executed.price)
            else:
                self.trades += 1
                stop = self.stops.pop(data, None)
                if stop is not None and stop is not order:
                    self.cancel(stop)
        if order.status in (order.Completed, order.Canceled, order.Margin, order.Rejected):
            self.busy.discard(order.ref)

    def prenext(self):
        # names that came later to the market do not keep the others waiting
        self.next()

    def next(self):
        for data in self.datas:
            if len(data) < 21:
                continue
            held = self.getposition(data).size
            bands = self.bands[data]
            if held > 0:
                old = len(data) - self.since.get(data, len(data)) >= 5
                if data.high[0] >= bands.top[0] or self.rsi[data][0] > 70 or old:
                    stop = self.stops.pop(data, None)
                    if stop is not None:
                        self.cancel(stop)
                        self.busy.add(self.sell(data, size=held).ref)
            elif data.low[0] <= bands.bot[0] and self.rsi[data][0] < 30 and data.volume[0] > 1.5 * self.volume[data][-1]:
                size = int(0.05 * self.broker.getvalue() / data.close[0])
                if size > 0:
                    self.busy.add(self.buy(data, size=size).ref)


class Timed(bt.feeds.GenericCSVData):
    """A file whose loading is timed."""

    loading = 0.0

    def _start(self):
        began = time.process_time()
        super()._start()
        Timed.loading += time.process_time() - began

    def preload(self):
        began = time.process_time()
        super().preload()
        Timed.loading += time.process_time() - began


def run(files, figures):
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.broker.setcash(1_000_000)
    cerebro.broker.setcommission(commission=0.001)
    for file in files:
        data = Timed(
            dataname=file, dtformat="%Y-%m-%d", openinterest=-1, fromdate=datetime.datetime(2000, 1, 1), todate=datetime.datetime(2021, 1, 1)
        )
        cerebro.adddata(data)
    cerebro.addstrategy(MeanReversion)
    if figures:
        days = bt.TimeFrame.Days
        cerebro.addanalyzer(bt.analyzers.SharpeRatio, _name="sharpe", timeframe=days, riskfreerate=0.0, annualize=True, factor=252)
        cerebro.addanalyzer(bt.analyzers.DrawDown, _name="drawdown")
        cerebro.addanalyzer(bt.analyzers.TradeAnalyzer, _name="trades")
    Timed.loading = 0.0
    started = time.process_time()
    ran = cerebro.run()[0]
    return time.process_time() - started - Timed.loading, Timed.loading, ran


def best(figures):
    return min((run(sys.argv[2:], figures) for _ in range(int(sys.argv[1]))), key=lambda one: one[0])


bare = best(False)[0]
seconds, loading, ran = best(True)
found = {
    "sharpe": ran.analyzers.sharpe.get_analysis()["sharperatio"],
    "maxDrawdown": ran.analyzers.drawdown.get_analysis().max.drawdown / 100,
    "closed": ran.analyzers.trades.get_analysis().total.closed,
}
print(
    json.dumps(
        {"bars": sum(len(data) for data in ran.datas), "seconds": seconds, "bareSeconds": bare, "loading": loading, "trades": ran.trades, **found}
    )
)
