import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { Checks } from './checks.ts';
import { openChromium } from './chromium.ts';
import { member, plimsoll } from './plimsoll.ts';
import { barriers, figureOf, ground, overflow, visit } from './sheet-visit.ts';

// The tear sheet of the reference run, as a reader meets it: offline, in both themes, on a phone, on paper, without script and without sight.
const maxBytes = 1_000_000;
/** Content of an A4 page with the margins of the sheet, CSS pixels. */
const paperHeight = ((297 - 2 * 12) / 25.4) * 96;
const maxPaperPages = 14;
const bars = join(projectRoot, '../shared/data/sp500/daily');
const terms = '--strategy mean-reversion --instruments KO,PEP,XOM,CVX,JPM --from 2005-01-01 --to 2015-12-31 --capital 1000000 --fee-bps 10';

const checks = new Checks();
const folder = mkdtempSync(join(tmpdir(), 'tear-sheet-'));
const sheet = join(folder, 'sheet.html');
const result = join(folder, 'result.json');
const registry = join(folder, 'registry');

async function make(): Promise<boolean> {
  const made = await plimsoll([
    'backtest',
    ...terms.split(' '),
    '--data',
    bars,
    '--report',
    sheet,
    '--out',
    result,
    '--registry',
    registry,
  ]);
  if (!checks.check('backtest --report writes a tear sheet', made.status === 0 && existsSync(sheet), made.stderr)) return false;
  const { size } = statSync(sheet);
  return checks.check(`it has ${size} bytes, less than ${maxBytes}`, size < maxBytes);
}

async function readers(browser: Browser): Promise<void> {
  const grounds: string[] = [];
  for (const [width, scheme] of [
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const) {
    const who = `${width} px, ${scheme}`;
    const { page, context, noise } = await visit(browser, sheet, { width, scheme });
    checks.equal(`${who}: no request, no console message, no error`, noise, []);
    checks.equal(`${who}: not wider than the window`, await overflow(page), 0);
    checks.equal(`${who}: nothing for axe to complain about`, await barriers(page), []);
    grounds.push(await ground(page));
    await context.close();
  }
  checks.check(
    'the theme of the system is followed',
    grounds[0] !== grounds[1] && grounds[0] === grounds[2] && grounds[1] === grounds[3],
    grounds,
  );
}

async function numbers(page: Page): Promise<void> {
  const json: unknown = JSON.parse(readFileSync(result, 'utf8'));
  const metric = (name: string): unknown => member(json, `metrics.${name}`);
  for (const name of ['runId', 'dataHash', 'resultHash'])
    checks.equal(`${name} is that of the JSON`, await figureOf(page, name), member(json, name));
  for (const name of ['sharpe', 'maxDrawdown', 'totalReturn', 'trades'])
    checks.equal(`${name} is that of the JSON to the last bit`, Number(await figureOf(page, name)), metric(name));
  checks.equal('final equity is that of the JSON', await figureOf(page, 'finalEquity'), '1056256.310364');
  checks.equal(
    'its digits are those of the JSON',
    /"finalEquity":([\d.]+)/.exec(readFileSync(result, 'utf8'))?.[1],
    await figureOf(page, 'finalEquity'),
  );
  checks.check(
    'fees are those of the JSON',
    Math.abs(Number(await figureOf(page, 'fees')) - Number(metric('fees'))) < 1e-6,
    metric('fees'),
  );
  const rows = await page.locator('details table.trades tbody tr').count();
  checks.equal('every round trip is listed', rows, metric('trades'));
  const bare = await page.evaluate<number>(
    `[...document.querySelectorAll('[data-figure^="sharpe"]')].filter((one) => !one.closest('table.facts') && !one.parentElement.querySelector('.beside')).length`,
  );
  checks.equal('no Sharpe ratio stands without its evidence', bare, 0);
  checks.check(
    'the verdict says that the interval includes zero',
    (await page.textContent('[data-finding="SHARPE_INTERVAL"]'))?.includes('includes zero') === true,
  );
}

async function pointer(page: Page): Promise<void> {
  const readout = page.locator('#equity-chart [data-readout]');
  const atRest = await readout.textContent();
  await page.locator('#equity-chart .linear svg.plot').hover({ position: { x: 300, y: 100 } });
  const there = await readout.textContent();
  checks.check('a pointer reads the equity off', there !== atRest && /^\d{4}-\d{2}-\d{2}: equity [\d,]+$/.test(there ?? ''), there);
  checks.check(
    'and the drawdown of that date with it',
    (await page.textContent('#drawdown-chart [data-readout]'))?.startsWith(there?.slice(0, 10) ?? '-') === true,
  );
  await page.locator('#equity-chart .linear svg.plot').focus();
  await page.keyboard.press('ArrowLeft');
  checks.check('so do the arrow keys', (await readout.textContent()) !== there);
  await page.keyboard.press('Escape');
  checks.equal('Escape lets go', await readout.textContent(), atRest);
}

async function withoutScript(browser: Browser): Promise<void> {
  const { page, context, noise } = await visit(browser, sheet, { width: 1280, scheme: 'light', script: false });
  checks.equal('without script: quiet', noise, []);
  for (const id of ['equity-chart', 'drawdown-chart', 'rolling-chart', 'exposure-chart', 'cost-chart', 'price-JPM'])
    checks.check(
      `without script: ${id} is drawn`,
      (await page.locator(`#${id} path.line`).first().getAttribute('d'))?.startsWith('M') === true,
    );
  checks.check(
    'without script: the last value stands below',
    /: equity 1,056,256$/.test((await page.textContent('#equity-chart [data-readout]')) ?? ''),
  );
  await page.locator('#scale-log').check();
  checks.check(
    'without script: the scale changes',
    (await page.locator('.log svg.plot').isVisible()) && !(await page.locator('.linear svg.plot').isVisible()),
  );
  const light = await ground(page);
  await page.locator('#theme-dark').check();
  const dark = await ground(page);
  await page.locator('#theme-light').check();
  checks.check('without script: the theme can be switched both ways', dark !== light && (await ground(page)) === light, [light, dark]);
  await context.close();
}

async function paper(browser: Browser): Promise<void> {
  const { page, context } = await visit(browser, sheet, { width: 718, scheme: 'dark' });
  const onScreen = await ground(page);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  checks.check(
    'paper is light, whatever the theme',
    (await ground(page)) !== onScreen && (await ground(page)) === 'rgb(255, 255, 255)',
    await ground(page),
  );
  checks.check('paper has no switches', !(await page.locator('.switch').first().isVisible()));
  const figures = await page.evaluate<[number, string][]>(
    '[...document.querySelectorAll("figure.chart")].map((one) => [one.getBoundingClientRect().height, getComputedStyle(one).breakInside])',
  );
  const cut = figures.filter(([height, breaks]) => !(height > 0 && height < paperHeight && breaks === 'avoid'));
  checks.check(`none of ${figures.length} charts is cut by a page`, figures.length >= 10 && cut.length === 0, cut);
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  checks.check(`it prints on ${pages} pages, at most ${maxPaperPages}`, pages > 0 && pages <= maxPaperPages);
  await context.close();
}

/** What a run is told to say about itself, and the tables that other commands bring. */
async function honesty(browser: Browser): Promise<void> {
  const { page, context } = await visit(browser, sheet, { width: 1280, scheme: 'light' });
  for (const code of ['SURVIVORS_ONLY', 'CAP_ALWAYS_BINDS', 'NO_SLIPPAGE', 'FEW_TRADES'])
    checks.check(`the verdict names ${code}`, (await page.locator(`[data-finding="${code}"]`).count()) === 1);
  checks.equal('one trial is known', await figureOf(page, 'trials'), '1');
  checks.equal('other costs are tried', await page.locator('#cost-sensitivity tbody tr').count(), 4);
  await context.close();
  const market = ['--data', bars, '--from', '2005-01-01', '--to', '2015-12-31', '--fee-bps', '10', '--registry', registry];
  const averages = ['--strategy', 'moving-average', '--instruments', 'KO', '--param', 'fast=10,20', '--param', 'slow=60'];
  await brought(browser, ['walk-forward', ...averages, '--out-of-sample', '504', ...market], '#folds', 2);
  const reversion = ['--strategy', 'mean-reversion', '--instruments', 'KO,JPM', '--paths', '200'];
  await brought(browser, ['monte-carlo', ...reversion, ...market], '#paths', 2);
}

async function brought(browser: Browser, args: readonly string[], section: string, trials: number): Promise<void> {
  const other = join(folder, 'other.html');
  const made = await plimsoll([...args, '--report', other]);
  if (!checks.check(`${args[0]} --report writes a tear sheet`, made.status === 0, made.stderr)) return;
  const { page, context, noise } = await visit(browser, other, { width: 390, scheme: 'light' });
  checks.check(`${args[0]}: ${section} is there`, (await page.locator(`${section} tbody tr`).count()) > 0);
  checks.equal(`${args[0]}: trials of the registry`, await figureOf(page, 'trials'), String(trials));
  checks.equal(`${args[0]}: quiet, no barrier, not too wide`, [...noise, ...(await barriers(page)), await overflow(page)], [0]);
  await context.close();
}

/** A sheet that breaks one promise; each must be noticed. */
async function plantedFaults(browser: Browser): Promise<void> {
  const good = readFileSync(sheet, 'utf8');
  const broken = join(folder, 'broken.html');
  const open = async (text: string): Promise<{ readonly page: Page; readonly noise: string[]; close(): Promise<void> }> => {
    writeFileSync(broken, text);
    const { page, context, noise } = await visit(browser, broken, { width: 1280, scheme: 'light' });
    return { page, noise, close: () => context.close() };
  };
  const calling = await open(good.replace('<main>', '<main><img alt="" src="https://example.invalid/x.png">'));
  checks.check('planted: a picture from outside is noticed', calling.noise.length > 0, calling.noise);
  await calling.close();
  const scripted = await open(good.replace('<main>', '<main><script>document.title = "taken"</script>'));
  checks.check('planted: a foreign script is refused, and noticed', scripted.noise.length > 0 && (await scripted.page.title()) !== 'taken');
  await scripted.close();
  const pale = await open(good.replace('<dl class="tiles">', '<dl class="tiles"><div><span>not allowed here</span></div>'));
  checks.check('planted: a list that is none is noticed', (await barriers(pale.page)).length > 0);
  await pale.close();
  const wide = await open(good.replace('<main>', '<main><svg width="3000" height="9"></svg>'));
  checks.check('planted: a page that is too wide is noticed', (await overflow(wide.page)) > 0);
  await wide.close();
  const wrong = await open(good.replace(/(data-figure="sharpe" value=")[^"]*/, '$11.23'));
  checks.check('planted: another number is another number', Number(await figureOf(wrong.page, 'sharpe')) === 1.23);
  await wrong.close();
}

async function main(): Promise<void> {
  if (!existsSync(bars)) {
    checks.skip('tear sheet', 'the recorded bars of ../shared/data are absent');
    checks.check('in CI the bars are there', process.env['CI'] !== 'true');
    return;
  }
  if (!(await make())) return;
  const browser = await openChromium();
  if (browser === undefined) {
    checks.skip('everything seen in a browser', 'there is no /usr/bin/chromium');
    return;
  }
  try {
    await readers(browser);
    const { page, context } = await visit(browser, sheet, { width: 1280, scheme: 'light' });
    await numbers(page);
    await pointer(page);
    await context.close();
    await withoutScript(browser);
    await paper(browser);
    await honesty(browser);
    await plantedFaults(browser);
  } finally {
    await browser.close();
  }
}

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
checks.close('tear-sheet');
