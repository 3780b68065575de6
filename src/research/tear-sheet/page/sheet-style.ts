const light = `color-scheme: light;
  --ground: #ffffff; --card: #f6f8fa; --ink: #18222d; --quiet: #51606f; --rule: #d5dce3; --grid: #e6eaee; --zero: #8a97a4;
  --first: #1d5fa8; --second: #b3470d; --third: #5c6b7a; --band: rgb(29 95 168 / 0.16); --pass: #17694a; --warn: #8a5a00;
  --gain: 29 95 168; --loss: 204 84 20;`;

const dark = `color-scheme: dark;
  --ground: #10161d; --card: #182029; --ink: #e8edf2; --quiet: #a3b0bd; --rule: #33404d; --grid: #232d37; --zero: #66737f;
  --first: #74b3ff; --second: #ffa463; --third: #9fb0c0; --band: rgb(116 179 255 / 0.18); --pass: #67d3a5; --warn: #f0c060;
  --gain: 64 130 210; --loss: 205 96 36;`;

const shades = [1, 2, 3, 4]
  .map(
    (level) =>
      `.gain-${level} { background: rgb(var(--gain) / 0.${level}); } .loss-${level} { background: rgb(var(--loss) / 0.${level}); }`,
  )
  .join('\n');

/** Style of a sheet: no font, no picture, nothing from outside. Kept as text because its digest stands in the page's policy. */
export const sheetStyle = `:root { ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
:root:has(#theme-light:checked) { ${light} }
:root:has(#theme-dark:checked) { ${dark} }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 1160px; padding: 24px 20px 48px; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; font-variant-numeric: tabular-nums; }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
h1 { font-size: 26px; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 20px; margin: 44px 0 12px; padding-top: 14px; border-top: 2px solid var(--rule); }
h3 { font-size: 15px; margin: 0 0 4px; }
p { margin: 0 0 10px; max-width: 100ch; }
small { font-size: 13px; color: var(--quiet); }
a { color: var(--first); }
.lead { color: var(--quiet); margin-bottom: 12px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.top { display: flex; flex-wrap: wrap; gap: 8px 24px; justify-content: space-between; align-items: flex-start; }
.top > div { flex: 1 1 320px; min-width: 0; }
.switch { border: 1px solid var(--rule); border-radius: 6px; padding: 2px 10px 4px; margin: 0; display: inline-flex; gap: 12px; font-size: 13px; }
.switch legend { color: var(--quiet); padding: 0 4px; font-size: 12px; }
.switch label { display: inline-flex; gap: 5px; align-items: center; cursor: pointer; }
.switch input { margin: 0; accent-color: var(--first); }
.identity { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 4px 28px; margin: 8px 0 0; font-size: 13px; }
.identity div { display: flex; gap: 10px; min-width: 0; }
.identity dt { flex: 0 0 104px; color: var(--quiet); }
.identity dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.identity .broad { grid-column: 1 / -1; }
.identity code { font: 12.5px/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
nav { margin: 18px 0 0; font-size: 13px; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0; padding: 0; }
.headline { font-size: 18px; font-weight: 600; border-left: 5px solid var(--second); background: var(--card); padding: 12px 16px; margin: 0 0 18px; max-width: none; }
.headline.edge { border-left-color: var(--pass); }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 24px 36px; align-items: start; }
.two > * { min-width: 0; }
.two:has(> .chart) { align-items: stretch; } .two > .chart { display: flex; flex-direction: column; margin-bottom: 12px; } .two > .chart figcaption { flex: 1; }
.findings { list-style: none; margin: 8px 0 0; padding: 0; display: grid; gap: 10px; }
.findings li { display: grid; grid-template-columns: 24px 1fr; gap: 8px; }
.sign { font-weight: 700; text-align: center; height: 24px; line-height: 22px; border: 1.5px solid currentColor; border-radius: 50%; font-size: 13px; }
.against .sign { color: var(--second); } .supports .sign { color: var(--pass); } .limits .sign { color: var(--warn); }
.tiles { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 10px; margin: 0; }
.tiles > div { background: var(--card); border-radius: 8px; padding: 10px 14px; min-width: 0; }
.tiles .broad { grid-column: span 2; }
.tiles dt { font-size: 13px; color: var(--quiet); }
.tiles dd { margin: 0; font-size: 19px; font-weight: 600; overflow-wrap: anywhere; }
.tiles small { display: block; font-weight: 400; }
.chart { margin: 0 0 28px; min-width: 0; }
figcaption p { margin-bottom: 4px; font-size: 13.5px; color: var(--quiet); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 2px 0; padding: 0; font-size: 13px; }
.legend li { display: flex; align-items: center; gap: 6px; }
.legend li:not(.mark)::before { content: ''; width: 16px; border-top: 3px solid var(--color, var(--ink)); }
.legend li.band::before { border-top-width: 10px; }
.first { --color: var(--first); } .second { --color: var(--second); } .third { --color: var(--third); } .overlay { --color: var(--ink); }
.legend .band { --color: var(--band); }
.frame { display: flex; container-type: inline-size; }
.axis { flex: none; }
.plot { flex: 1; min-width: 0; overflow: visible; touch-action: pan-y; }
.plot:focus-visible { outline: 2px solid var(--first); outline-offset: 2px; }
.inner { overflow: visible; }
.tick { font-size: 12px; fill: var(--quiet); }
path, line.cross { vector-effect: non-scaling-stroke; }
.grid { stroke: var(--grid); stroke-width: 1; fill: none; }
.zero { stroke: var(--zero); stroke-width: 1; fill: none; }
.line { stroke: var(--color); stroke-width: 1.5; fill: none; stroke-linejoin: round; }
.third.line { stroke-width: 1.1; }
.overlay.line { stroke-width: 1.5; stroke-dasharray: 5 3; }
.area { fill: var(--color); opacity: 0.25; }
path.band { fill: var(--band); }
.bar { fill: var(--color); }
.cross { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 2 2; pointer-events: none; }
#up path { fill: var(--first); } #down path { fill: var(--second); } #gain circle { fill: var(--first); }
#loss path { stroke: var(--second); stroke-width: 2; fill: none; }
#up path, #down path, #gain circle { stroke: var(--ground); stroke-width: 1; }
.readout { font-size: 13px; margin: 2px 0 0 58px; min-height: 1.5em; }
.log { display: none; }
.chart:has(#scale-log:checked) .log { display: block; } .chart:has(#scale-log:checked) .linear { display: none; }
.wide-table { overflow-x: auto; margin-bottom: 18px; }
.wide-table:focus-visible { outline: 2px solid var(--first); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
caption { text-align: left; font-weight: 600; font-size: 15px; padding: 6px 0; }
th, td { padding: 4px 8px; text-align: left; vertical-align: top; border-bottom: 1px solid var(--grid); }
thead th { white-space: nowrap; border-bottom: 1.5px solid var(--rule); color: var(--quiet); font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 600; }
.number { text-align: right; white-space: nowrap; }
.months td, .months th { padding: 4px 6px; } .months .total { font-weight: 700; border-left: 2px solid var(--rule); }
.facts td:last-child { color: var(--quiet); min-width: 260px; } .facts td:nth-child(3) { white-space: nowrap; }
tbody th { white-space: nowrap; } .nil { color: var(--quiet); }

.dates td { white-space: nowrap; }
.months th:first-child { position: sticky; left: 0; background: var(--ground); }
.trades td { white-space: nowrap; }
${shades}
details { margin-top: 8px; } summary { cursor: pointer; font-weight: 600; padding: 6px 0; }
footer { margin-top: 44px; padding-top: 14px; border-top: 2px solid var(--rule); font-size: 13px; color: var(--quiet); }
@container (max-width: 600px) { .tick.minor { display: none; } }
@media (max-width: 760px) {
  body { padding: 16px 12px 32px; } h1 { font-size: 21px; } h2 { font-size: 18px; margin-top: 32px; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); } .tiles dd { font-size: 15px; }
  .facts th { white-space: normal; min-width: 92px; } .facts td:last-child { min-width: 0; } .facts :is(th, td):nth-child(3) { display: none; }
  .identity { grid-template-columns: minmax(0, 1fr); } .readout { margin-left: 0; }
}
@media print {
  :root, :root:has(#theme-dark:checked), :root:has(#theme-light:checked) { ${light} }
  @page { size: A4; margin: 12mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav, .switch, .cross, details:not([open]) { display: none; }
  .chart, tr, .headline, .findings li, .tiles > div { break-inside: avoid; }
  h2, h3, caption, thead, figcaption { break-after: avoid; }
  h2 { margin-top: 20px; } .two { grid-template-columns: 1fr 1fr; gap: 16px 20px; }
  .wide-table { overflow: visible; break-inside: avoid; } table { font-size: 8.5pt; } th, td { padding: 2px 4px; } .months td, .months th { padding: 2px 3px; }
  .facts td:last-child { min-width: 0; } .tiles dd { font-size: 11pt; } #months { break-inside: avoid; }
}
`;
