import { html, verbatim, type Html } from '../page/html.ts';
import { linearScale, plotWidth } from './axis.ts';
import { labelOf, short, type ValueUnit } from './time-chart.ts';

export interface Bar {
  /** Below the bar; left out where there is no room. */
  readonly label: string;
  readonly value: number;
  /** Says all about the bar. */
  readonly title: string;
  readonly look: 'first' | 'second';
}

export interface BarChart {
  readonly id: string;
  readonly title: string;
  readonly text: Html | string;
  readonly spoken: string;
  readonly height: number;
  readonly unit: ValueUnit;
  readonly bars: readonly Bar[];
  /** Drawn over the bars, one value per bar. */
  readonly overlay?: readonly number[];
  /** Labels between the bars (edges of bins) instead of below them. */
  readonly edges?: { readonly texts: readonly string[]; /** Index of the edge at zero. */ readonly zero: number };
  /** Below the plot. */
  readonly readout?: string;
  readonly legend?: readonly { readonly look: string; readonly name: string }[];
}

const [below, above] = [22, 8];
/** Most labels where there is room, and where there is little. */
const [maxLabels, fewLabels] = [12, 5];

/** A figure with bars, each with a title that a pointer shows without any script. */
export function barChart(chart: BarChart, also?: Html): Html {
  const { height, bars } = chart;
  const values = [...bars.map(({ value }) => value), ...(chart.overlay ?? [])];
  const scale = linearScale(Math.min(...values), Math.max(...values), height, true);
  const total = above + height + below;
  const width = plotWidth / bars.length;
  const gap = Math.min(width * 0.15, 12);
  return html`<figure class="chart" id="${chart.id}">
    <figcaption>
      <h3>${chart.title}</h3>
      <p>${chart.text}</p>
      ${also}
      ${
        chart.legend === undefined
          ? undefined
          : html`<ul class="legend">
              ${chart.legend.map(({ look, name }) => html`<li class="${look}">${name}</li>`)}
            </ul>`
      }
    </figcaption>
    <div class="frame">
      <svg class="axis" width="58" height="${total}" aria-hidden="true">
        ${scale.ticks.map((tick) => html`<text class="tick" x="52" y="${short(above + scale.y(tick) + 4)}" text-anchor="end">${labelOf(tick, scale.step, chart.unit)}</text>`)}
      </svg>
      <svg class="plot" width="100%" height="${total}" role="img" aria-label="${chart.title}. ${chart.spoken}">
        <svg
          x="0"
          y="${above}"
          width="100%"
          height="${height}"
          viewBox="0 0 ${plotWidth} ${height}"
          preserveAspectRatio="none"
          class="inner"
        >
          ${scale.ticks.map((tick) => html`<path class="${tick === 0 ? 'zero' : 'grid'}" d="M0 ${short(scale.y(tick))}H${plotWidth}"></path>`)}
          ${bars.map(({ value, look, title }, i) => {
            const [top, bottom] = [scale.y(Math.max(0, value)), scale.y(Math.min(0, value))];
            return html`<rect
              class="${look} bar"
              x="${short(i * width + gap / 2)}"
              y="${short(top)}"
              width="${short(width - gap)}"
              height="${short(bottom - top)}"
              ><title>${title}</title></rect
            >`;
          })}
          ${overlayOf(chart, scale.y, width)}
        </svg>
        ${labelsOf(chart, total)}
      </svg>
    </div>
    ${chart.readout === undefined ? undefined : html`<p class="readout">${chart.readout}</p>`}
  </figure>`;
}

function overlayOf({ overlay }: BarChart, y: (value: number) => number, width: number): Html | undefined {
  if (overlay === undefined) return undefined;
  const d = overlay.map((value, i) => `${i === 0 ? 'M' : 'L'}${short((i + 0.5) * width)} ${short(y(value))}`).join('');
  return html`<path class="overlay line" d="${verbatim(d)}"></path>`;
}

/** Every n-th label, among edges counted from the one at zero. */
function labelsOf({ bars, edges }: BarChart, total: number): readonly Html[] {
  const texts = edges?.texts ?? bars.map(({ label }) => label);
  const origin = edges?.zero ?? 0;
  const every = Math.ceil(texts.length / maxLabels);
  const few = every * Math.ceil(texts.length / every / fewLabels);
  return texts.flatMap((text, i) => {
    if ((i - origin) % every !== 0) return [];
    const at = (edges === undefined ? i + 0.5 : i) / bars.length;
    const anchor = at > 0.96 && edges !== undefined ? 'end' : 'middle';
    const look = (i - origin) % few === 0 ? 'tick' : 'tick minor';
    return [html`<text class="${look}" x="${short(at * 100)}%" y="${total - 6}" text-anchor="${anchor}">${text}</text>`];
  });
}
