import { createHash } from 'node:crypto';
import { assert } from '../../../base/assert.ts';
import { MICROS_PER_DAY } from '../../../base/time.ts';
import { dateText, fixed } from '../figure-text.ts';
import type { TearSheet } from '../tear-sheet.ts';
import { verdictOf } from '../verdict.ts';
import { currencySection } from './currency-section.ts';
import { distributionSection } from './distribution-section.ts';
import { html, type Html } from './html.ts';
import {
  costSection,
  equitySection,
  keySection,
  monthSection,
  rollingSection,
  sharpeSection,
  useSection,
  section,
  verdictSection,
} from './result-sections.ts';
import { sheetScript } from './sheet-script.ts';
import { sheetStyle } from './sheet-style.ts';
import { plainTable } from './tables.ts';
import { tradeSection } from './trade-section.ts';

/** Largest page that is written, bytes. */
export const MAX_PAGE_BYTES = 1_000_000;

/** A whole page that asks the world for nothing: its policy names the digests of its one style and its one script and forbids the rest. */
export function pageOf(sheet: TearSheet, version: string): string {
  const { run } = sheet;
  const daily = isDaily(run.time);
  const byCurrency = run.currencies === undefined ? [] : [currencySection(sheet, daily)];
  const body = [
    keySection(sheet),
    equitySection(sheet, daily),
    sharpeSection(sheet),
    monthSection(sheet),
    rollingSection(sheet, daily),
    distributionSection(sheet),
    ...(run.kind === 'walk-forward'
      ? []
      : [useSection(sheet, daily), ...byCurrency, costSection(sheet, daily), tradeSection(sheet, daily)]),
  ];
  const verdict = verdictSection(verdictOf(sheet));
  const tables = sheet.tables.map((table) =>
    section(
      table.id,
      table.title,
      html`<p>${table.text}</p>
        ${plainTable(table)}`,
    ),
  );
  const head = html`<meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy()}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Tear sheet: ${run.strategy} on ${shortList(run.instruments)}</title>`;
  const content = html`${shapes()} ${header(sheet, daily)}
    <main>${verdict} ${body} ${tables}</main>
    ${footer(sheet, version)}`;
  const page = [
    '<!doctype html>\n<html lang="en">\n<head>\n',
    compactMarkup(head),
    `\n<style>${sheetStyle}</style>\n</head>\n<body>\n`,
    compactMarkup(content),
    `\n<script>${sheetScript}</script>\n</body>\n</html>\n`,
  ].join('');
  const bytes = Buffer.byteLength(page);
  assert(bytes < MAX_PAGE_BYTES, `a tear sheet has less than ${MAX_PAGE_BYTES} bytes, was ${bytes}`);
  return page;
}

/** The indentation of templates is no part of a page. */
function compactMarkup({ markup }: Html): string {
  return markup.replace(/>\s*\n\s*</g, '>\n<').replace(/\n\s+/g, '\n');
}

function policy(): string {
  const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return `default-src 'none'; style-src ${digest(sheetStyle)}; script-src ${digest(sheetScript)}; base-uri 'none'; form-action 'none'`;
}

/** Points are a day or more apart, as sessions are. */
function isDaily(time: ArrayLike<number>): boolean {
  return time.length < 2 || (time[time.length - 1] - time[0]) / (time.length - 1) > 0.9 * MICROS_PER_DAY;
}

function shortList(names: readonly string[]): string {
  return names.length <= 8 ? names.join(', ') : `${names.slice(0, 6).join(', ')} and ${names.length - 6} more`;
}

/** Marks of entries and exits; shape says what color says. */
function shapes(): Html {
  return html`<svg width="0" height="0" class="unseen" aria-hidden="true">
    <defs>
      <g id="up"><path d="M-5 5L0 -4L5 5Z"></path></g>
      <g id="down"><path d="M-5 -5L0 4L5 -5Z"></path></g>
      <g id="gain"><circle r="3.6"></circle></g>
      <g id="loss"><path d="M-3.5 -3.5L3.5 3.5M-3.5 3.5L3.5 -3.5"></path></g>
    </defs>
  </svg>`;
}

function header({ run, tables }: TearSheet, daily: boolean): Html {
  const links = [
    ...contents.filter(([id]) => (run.kind === 'backtest' || !ofTrades.has(id)) && (id !== 'currencies' || run.currencies !== undefined)),
    ...tables.map(({ id, title }) => [id, title] as const),
  ];
  const [from, to] = [run.time[0], run.time[run.time.length - 1]];
  const item = (name: string, value: Html | string, broad = false): Html =>
    html`<div class="${broad ? 'broad' : ''}">
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`;
  const pairs = (all: readonly (readonly [string, string])[]): Html =>
    all.length === 0 ? html`none` : html`${all.map(([name, value], i) => html`${i === 0 ? '' : ', '}${name} ${value}`)}`;
  return html`<header>
    <div class="top">
      <div>
        <h1>${run.strategy} on ${shortList(run.instruments)}</h1>
        <p class="lead">
          ${dateText(from)} to ${dateText(to)}, ${fixed(run.time.length, 0)} ${daily ? 'dates' : 'points'}; ${kindText[run.kind]}
        </p>
      </div>
      <fieldset class="switch">
        <legend>theme</legend>
        <label><input type="radio" name="theme" id="theme-system" checked />system</label>
        <label><input type="radio" name="theme" id="theme-light" />light</label>
        <label><input type="radio" name="theme" id="theme-dark" />dark</label>
      </fieldset>
    </div>
    <dl class="identity">
      ${item('parameters', pairs(run.parameters), true)} ${item('terms', pairs(run.terms), true)}
      ${item('run', html`<code data-figure="runId">${run.runId}</code>`, true)}
      ${item('data', html`<code data-figure="dataHash">${run.dataHash}</code>`, true)}
      ${run.resultHash === '' ? undefined : item('result', html`<code data-figure="resultHash">${run.resultHash}</code>`, true)}
    </dl>
    <nav aria-label="Sections">
      <ul>
        ${links.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}
      </ul>
    </nav>
  </header>`;
}

const kindText = {
  backtest: 'tear sheet of a backtest',
  'walk-forward': 'tear sheet of a walk-forward: only dates that nothing was learned from, chained',
} as const;

/** Sections that need trades and fills. */
const ofTrades: ReadonlySet<string> = new Set(['use', 'costs', 'trades']);

const contents = [
  ['verdict', 'Verdict'],
  ['key-figures', 'Key figures'],
  ['equity', 'Equity'],
  ['sharpe', 'Sharpe ratio'],
  ['months', 'Months'],
  ['rolling', 'Rolling'],
  ['distribution', 'Distributions'],
  ['use', 'Exposure'],
  ['currencies', 'Currencies'],
  ['costs', 'Costs'],
  ['trades', 'Trades'],
] as const;

function footer({ run }: TearSheet, version: string): Html {
  return html`<footer>
    <p>
      Times are UTC; returns are simple, between neighboring points; ${fixed(run.periodsPerYear, 0)} periods make a year. A round trip is
      one match of an entry with an exit, first in, first out, net of fees. All figures carry their full precision in the page's source
      (<code>data</code> elements) and equal those of <code>plimsoll backtest --json</code>.
    </p>
    <p>
      Past results of a simulation say nothing certain about the future. Made by plimsoll ${version}; this page asks the network for
      nothing.
    </p>
  </footer>`;
}
