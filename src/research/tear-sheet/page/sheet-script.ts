/**
 * The only script of a sheet: a crosshair that reads the points beside each chart, by pointer or arrow keys. Everything else works without it. Kept as text
 * because its digest stands in the page's policy.
 */
export const sheetScript = `'use strict';
(() => {
  const number = (digits) => new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const formats = { money: number(0), percent: number(2), ratio: number(2), price: number(2) };
  const text = (value, unit) =>
    value === null ? 'none' : (unit === 'percent' ? formats.percent.format(value * 100) + ' %' : formats[unit].format(value)).replace('-', '\\u2212');
  const charts = [];
  const nearest = (seconds, at) => {
    let [low, high] = [0, seconds.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (seconds[middle] < at) low = middle + 1;
      else high = middle;
    }
    return low > 0 && at - seconds[low - 1] < seconds[low] - at ? low - 1 : low;
  };
  const place = (chart, at) => {
    const { points, plots, from, to } = chart;
    chart.index = nearest(points.seconds, at);
    const percent = (100 * (points.seconds[chart.index] - from)) / (to - from) + '%';
    for (const { line } of plots) {
      line.setAttribute('x1', percent);
      line.setAttribute('x2', percent);
      line.setAttribute('visibility', 'visible');
    }
    const when = new Date(points.seconds[chart.index] * 1000).toISOString();
    const day = points.daily ? when.slice(0, 10) : when.slice(0, 16).replace('T', ' ');
    chart.readout.textContent = day + ': ' + points.lines.map(({ name, values }) => name + ' ' + text(values[chart.index], points.unit)).join(', ');
  };
  const leave = () => {
    for (const chart of charts) {
      chart.readout.textContent = chart.atRest;
      for (const { line } of chart.plots) line.setAttribute('visibility', 'hidden');
    }
  };
  const show = (at) => {
    for (const chart of charts) if (at >= chart.from - 1 && at <= chart.to + 1) place(chart, at);
  };
  const step = (chart, key) => {
    const last = chart.points.seconds.length - 1;
    const now = chart.index === undefined ? last : chart.index;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last }[key];
    if (to === undefined) return false;
    show(chart.points.seconds[Math.min(last, Math.max(0, to))]);
    return true;
  };
  for (const figure of document.querySelectorAll('figure.chart')) {
    const block = figure.querySelector('script.points');
    if (block === null) continue;
    const readout = figure.querySelector('[data-readout]');
    const chart = { points: JSON.parse(block.textContent), readout, atRest: readout.textContent, plots: [], index: undefined };
    for (const plot of figure.querySelectorAll('svg.plot')) {
      chart.from = Number(plot.dataset.from) / 1e6;
      chart.to = Number(plot.dataset.to) / 1e6;
      const line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
      line.setAttribute('class', 'cross');
      line.setAttribute('y1', '0');
      line.setAttribute('y2', String(plot.height.baseVal.value - 22));
      line.setAttribute('visibility', 'hidden');
      plot.append(line);
      chart.plots.push({ plot, line });
      plot.setAttribute('tabindex', '0');
      plot.addEventListener('pointermove', (event) => {
        const box = plot.getBoundingClientRect();
        show(chart.from + ((event.clientX - box.left) / box.width) * (chart.to - chart.from));
      });
      plot.addEventListener('pointerleave', leave);
      plot.addEventListener('blur', leave);
      plot.addEventListener('keydown', (event) => {
        if (event.key === 'Escape') leave();
        else if (step(chart, event.key)) event.preventDefault();
      });
    }
    if (chart.to > chart.from) charts.push(chart);
  }
})();
`;
