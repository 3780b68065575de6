import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface Visitor {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
  readonly script?: boolean;
}

/** A page opened by somebody, and what it did that it should not have done. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Requests other than for the file itself, console messages, errors. */
  readonly noise: string[];
}

export async function visit(browser: Browser, file: string, { width, scheme, script = true }: Visitor): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, javaScriptEnabled: script });
  const page = await context.newPage();
  const noise: string[] = [];
  page.on('console', (message) => noise.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => noise.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (request.url() !== `file://${file}`) noise.push(`request: ${request.url()}`);
  });
  await page.goto(`file://${file}`);
  return { page, context, noise };
}

/** What axe-core holds against the page, all rules, each with its first element. */
export async function barriers(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0]?.html.slice(0, 120) ?? ''}`);
}

/** Full-precision value of a figure of the page; `undefined` = it is not there. */
export async function figureOf(page: Page, name: string): Promise<string | undefined> {
  const found = page.locator(`[data-figure="${name}"]`).first();
  if ((await found.count()) === 0) return undefined;
  return (await found.getAttribute('value')) ?? (await found.textContent()) ?? undefined;
}

/** CSS pixels that the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
}

export function ground(page: Page): Promise<string> {
  return page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
}
