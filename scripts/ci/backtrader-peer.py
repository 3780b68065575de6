"""Mean reversion in backtrader on the CSV files named, daily bars: one JSON line with bars, seconds of CPU (loading taken off) and trades."""

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


class Nothing(bt.Strategy):
    """What loading and stepping through the files takes without a strategy is not counted."""


def run(strategy, files):
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.broker.setcash(1_000_000)
    cerebro.broker.setcommission(commission=0.001)
    for file in files:
        data = bt.feeds.GenericCSVData(
            dataname=file, dtformat="%Y-%m-%d", openinterest=-1, fromdate=datetime.datetime(2000, 1, 1), todate=datetime.datetime(2021, 1, 1)
        )
        cerebro.adddata(data)
    cerebro.addstrategy(strategy)
    started = time.process_time()
    ran = cerebro.run()[0]
    return time.process_time() - started, ran


files = sys.argv[1:]
idle, ran = run(Nothing, files)
bars = sum(len(data) for data in ran.datas)
busy, ran = run(MeanReversion, files)
print(json.dumps({"bars": bars, "seconds": busy - idle, "loading": idle, "trades": ran.trades}))
