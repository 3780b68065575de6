import { compact, dateText, decimalsFor, fixed, percent, timeText } from '../figure-text.ts';
import { html, jsonBlock, verbatim, type Html } from '../page/html.ts';
import { linearScale, logScale, plotWidth, timeTicks, type ValueScale } from './axis.ts';
import { readable, thinned } from './thinning.ts';

export type ValueUnit = 'money' | 'percent' | 'ratio' | 'price';

export interface Line {
  readonly name: string;
  /** Class of its color and dash, `first`, `second` or `third`. */
  readonly look: 'first' | 'second' | 'third';
  /** One per time; NaN is a gap. */
  readonly values: ArrayLike<number>;
  /** Filled down (or up) to zero. */
  readonly filled?: boolean;
}

export interface TimeMark {
  readonly time: number;
  readonly value: number;
  readonly shape: 'up' | 'down' | 'gain' | 'loss';
  readonly title: string;
}

export interface TimeChart {
  readonly id: string;
  readonly title: string;
  /** One sentence: what is drawn and what to see in it. */
  readonly text: Html | string;
  /** What someone hears who does not see it. */
  readonly spoken: string;
  readonly height: number;
  readonly unit: ValueUnit;
  readonly daily: boolean;
  readonly time: ArrayLike<number>;
  readonly lines: readonly Line[];
  /** Shaded between two lines. */
  readonly band?: { readonly name: string; readonly lower: ArrayLike<number>; readonly upper: ArrayLike<number> };
  readonly log?: boolean;
  readonly zero?: boolean;
  readonly marks?: readonly TimeMark[];
}

/** Height below the plot for the labels of time, and above it for the topmost value. */
const [below, above] = [22, 8];

/** A figure with a line chart that needs no script; the points that a pointer reads lie beside it. `also` goes into its caption. */
export function timeChart(chart: TimeChart, also?: Html): Html {
  return html`<figure class="chart" id="${chart.id}">
    <figcaption>
      <h3>${chart.title}</h3>
      <p>${chart.text}</p>
      ${also} ${legend(chart)}
    </figcaption>
    ${
      chart.log === true
        ? html`<div class="linear">${frame(chart, false)}</div>
            <div class="log">${frame(chart, true)}</div>`
        : frame(chart, false)
    }
    <p class="readout" data-readout>${readoutAtEnd(chart)}</p>
    <script type="application/json" class="points">
      ${points(chart)}
    </script>
  </figure>`;
}

function legend(chart: TimeChart): Html | undefined {
  const names = chart.lines.map(({ name, look }) => html`<li class="${look}">${name}</li>`);
  if (chart.band !== undefined) names.push(html`<li class="band">${chart.band.name}</li>`);
  for (const [shape, name] of markNames) {
    if (chart.marks?.some((mark) => mark.shape === shape) === true) {
      names.push(
        html`<li class="mark">
          <svg width="12" height="12" aria-hidden="true"><use href="#${shape}" x="6" y="6"></use></svg>${name}
        </li>`,
      );
    }
  }
  return names.length < 2
    ? undefined
    : html`<ul class="legend">
        ${names}
      </ul>`;
}

const markNames = [
  ['up', 'long entry'],
  ['down', 'short entry'],
  ['gain', 'exit with a gain'],
  ['loss', 'exit with a loss'],
] as const;

function frame(chart: TimeChart, log: boolean): Html {
  const { height, time } = chart;
  const scale = scaleOf(chart, log);
  const [from, to] = [time[0], time[time.length - 1]];
  const x = (at: number): number => (to > from ? (at - from) / (to - from) : 0.5);
  const total = above + height + below;
  const ticks = to > from ? timeTicks(from, to) : [];
  return html`<div class="frame">
    <svg class="axis" width="58" height="${total}" aria-hidden="true">${scale.ticks.map((tick) => axisLabel(tick, scale, chart.unit))}</svg>
    <svg
      class="plot"
      width="100%"
      height="${total}"
      role="img"
      aria-label="${chart.title}. ${chart.spoken}"
      data-from="${from}"
      data-to="${to}"
    >
      <svg x="0" y="${above}" width="100%" height="${height}" viewBox="0 0 ${plotWidth} ${height}" preserveAspectRatio="none" class="inner">
        ${grid(scale, ticks, height)} ${band(chart, scale, x)} ${chart.lines.map((line) => drawn(line, chart, scale, x))}
      </svg>
      ${(chart.marks ?? []).map((mark) => drawnMark(mark, scale, x))}
      ${ticks.map(
        (tick) =>
          html`<text
            class="${tick.minor ? 'tick minor' : 'tick'}"
            x="${short(tick.at * 100)}%"
            y="${above + height + 16}"
            text-anchor="${anchor(tick.at)}"
            >${tick.text}</text
          >`,
      )}
    </svg>
  </div>`;
}

function scaleOf({ lines, band: shaded, height, zero, marks }: TimeChart, log: boolean): ValueScale {
  let [low, high] = [Infinity, -Infinity];
  const all = [
    ...lines.map(({ values }) => values),
    ...(shaded === undefined ? [] : [shaded.lower, shaded.upper]),
    (marks ?? []).map(({ value }) => value),
  ];
  for (const values of all) {
    for (let i = 0; i < values.length; i++) {
      if (values[i] < low) low = values[i];
      if (values[i] > high) high = values[i];
    }
  }
  if (low > high) [low, high] = [0, 1];
  return log && low > 0 ? logScale(low, high, height) : linearScale(low, high, height, zero === true);
}

function axisLabel(tick: number, scale: ValueScale, unit: ValueUnit): Html {
  return html`<text class="tick" x="52" y="${short(above + scale.y(tick) + 4)}" text-anchor="end"
    >${labelOf(tick, scale.step, unit)}</text
  >`;
}

export function labelOf(value: number, step: number, unit: ValueUnit): string {
  if (unit === 'percent') return `${fixed(value * 100, decimalsFor(step * 100))} %`;
  if (unit === 'money') return compact(value, step);
  return fixed(value, decimalsFor(step));
}

function grid(scale: ValueScale, ticks: readonly { readonly at: number }[], height: number): Html {
  const across = scale.ticks.map((tick) => {
    const y = short(scale.y(tick));
    return html`<path class="${tick === 0 ? 'zero' : 'grid'}" d="M0 ${y}H${plotWidth}"></path>`;
  });
  const down = ticks.map(({ at }) => html`<path class="grid" d="M${short(at * plotWidth)} 0V${height}"></path>`);
  return html`${across}${down}`;
}

function drawn(line: Line, { time }: TimeChart, scale: ValueScale, x: (at: number) => number): Html {
  const kept = thinned(line.values);
  const d = pathOf(kept, time, line.values, scale, x);
  const area =
    line.filled === true
      ? html`<path class="${line.look} area" d="${verbatim(areaOf(kept, time, line.values, scale, x))}"></path>`
      : undefined;
  return html`${area}<path class="${line.look} line" d="${verbatim(d)}"></path>`;
}

function pathOf(
  kept: readonly number[],
  time: ArrayLike<number>,
  values: ArrayLike<number>,
  scale: ValueScale,
  x: (at: number) => number,
): string {
  let [d, pen] = ['', false];
  for (const i of kept) {
    const there = Number.isFinite(values[i]);
    if (there) d += `${pen ? 'L' : 'M'}${short(x(time[i]) * plotWidth)} ${short(scale.y(values[i]))}`;
    pen = there;
  }
  return d;
}

function areaOf(
  kept: readonly number[],
  time: ArrayLike<number>,
  values: ArrayLike<number>,
  scale: ValueScale,
  x: (at: number) => number,
): string {
  const there = kept.filter((i) => Number.isFinite(values[i]));
  if (there.length === 0) return '';
  const base = short(scale.y(Math.min(scale.to, Math.max(scale.from, 0))));
  const [start, end] = [there[0], there[there.length - 1]].map((i) => short(x(time[i]) * plotWidth));
  return `M${start} ${base}L${pathOf(there, time, values, scale, x).slice(1)}L${end} ${base}Z`;
}

function band({ band: shaded, time }: TimeChart, scale: ValueScale, x: (at: number) => number): Html | undefined {
  if (shaded === undefined) return undefined;
  const kept = readable(time.length).filter((i) => Number.isFinite(shaded.lower[i]) && Number.isFinite(shaded.upper[i]));
  if (kept.length < 2) return undefined;
  const top = pathOf(kept, time, shaded.upper, scale, x);
  const bottom = pathOf([...kept].reverse(), time, shaded.lower, scale, x);
  return html`<path class="band" d="${verbatim(`${top}L${bottom.slice(1)}Z`)}"></path>`;
}

function drawnMark(mark: TimeMark, scale: ValueScale, x: (at: number) => number): Html {
  return html`<use href="#${mark.shape}" x="${short(x(mark.time) * 100)}%" y="${short(above + scale.y(mark.value))}"
    ><title>${mark.title}</title></use
  >`;
}

function anchor(at: number): string {
  return at < 0.03 ? 'start' : at > 0.97 ? 'end' : 'middle';
}

/** One decimal, without a useless zero. */
export function short(value: number): number {
  return Math.round(value * 10) / 10;
}

function points(chart: TimeChart): Html {
  const kept = readable(chart.time.length);
  const digits = chart.unit === 'money' ? 0 : chart.unit === 'percent' ? 6 : 4;
  const pick = (values: ArrayLike<number>): (number | null)[] =>
    kept.map((i) => (Number.isFinite(values[i]) ? Number(values[i].toFixed(digits)) : null));
  const lines = chart.lines.map(({ name, values }) => ({ name, values: pick(values) }));
  if (chart.band !== undefined)
    lines.push({ name: 'from', values: pick(chart.band.lower) }, { name: 'to', values: pick(chart.band.upper) });
  return jsonBlock({ unit: chart.unit, daily: chart.daily, seconds: kept.map((i) => Math.round(chart.time[i] / 1e6)), lines });
}

function readoutAtEnd({ time, lines, unit, daily }: TimeChart): string {
  const last = time.length - 1;
  const values = lines.map(({ name, values: of }) => `${name} ${Number.isFinite(of[last]) ? valueText(of[last], unit) : 'none'}`);
  return `${daily ? dateText(time[last]) : timeText(time[last], false)}: ${values.join(', ')}`;
}

function valueText(value: number, unit: ValueUnit): string {
  return unit === 'percent' ? percent(value, 2) : fixed(value, unit === 'money' ? 0 : 2);
}
