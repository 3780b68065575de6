import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultCapacities, maxDuplicateWindow, maxOrderRate } from '../../core/risk/capacities.ts';
import { checkTable } from '../../core/risk/gate.ts';
import { limitRules } from '../../core/risk/limit-rules.ts';
import { latencyWindowSize, leastLatencySamples } from '../../core/risk/latency-window.ts';
import { defaultCollarBps } from '../../core/risk/reference.ts';
import { defaultConsecutiveErrors, ruleClasses, watchedRules } from '../../core/risk/row-watch.ts';
import { denialCodes } from '../../domain/denial.ts';
import { limitNames, limitScopes } from '../../domain/limit.ts';

const folder = new URL('../../../docs/reference/', import.meta.url);
const denials = readFileSync(new URL('denials.md', folder), 'utf8');
const limits = readFileSync(new URL('limits.md', folder), 'utf8');

/** Rows of the tables of a page: cells, trimmed. */
function rowsOf(page: string): string[][] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^[|\s-]+$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** One sentence for each name that only one of two lists has, or has twice. */
function differences(inPage: readonly string[], inCode: readonly string[], page: string, code: string): string[] {
  return [
    ...inCode.filter((name) => !inPage.includes(name)).map((name) => `${name} stands in ${code} and has no row in docs/reference/${page}`),
    ...inPage.filter((name) => !inCode.includes(name)).map((name) => `${name} has a row in docs/reference/${page} and is not in ${code}`),
    ...inPage.filter((name, i) => inPage.indexOf(name) !== i).map((name) => `${name} has two rows in docs/reference/${page}`),
  ];
}

/** First cells in backquotes of the section that begins with `heading`. */
function namesIn(page: string, heading: string): string[] {
  const [, rest = ''] = page.split(`\n## ${heading}\n`);
  const section = rest.split('\n## ')[0];
  return rowsOf(section).flatMap(([first]) => /^`(\w[\w-]*)`$/.exec(first)?.[1] ?? []);
}

describe('docs/reference/denials.md', () => {
  it('has every code once, and no other', () => {
    const listed = rowsOf(denials).flatMap(([first]) => /^`([A-Z_]+)`$/.exec(first)?.[1] ?? []);
    expect(listed.length).toBeGreaterThan(0);
    expect(differences(listed, denialCodes, 'denials.md', 'src/domain/denial.ts')).toEqual([]);
  });
  it('says of every code what it means, its two numbers and what to do', () => {
    const rows = rowsOf(denials).filter(([first]) => /^`[A-Z_]+`$/.test(first));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows)
      expect(
        row.filter((cell) => cell === ''),
        row[0],
      ).toEqual([]);
  });
  it('lists the checks in their order, with whom they are asked of and codes that exist', () => {
    const rows = rowsOf(denials).filter((row) => row.length === 3 && row[0].startsWith('`'));
    const named = rows.map(([name]) => name.replaceAll('`', ''));
    const asked = checkTable.map((row) => row.name);
    expect(differences(named, asked, 'denials.md', 'checkTable of src/core/risk/gate.ts')).toEqual([]);
    expect(rows.map(([name, of]) => `${name.replaceAll('`', '')} ${of}`)).toEqual(checkTable.map((row) => `${row.name} ${row.checks}`));
    const known: readonly string[] = denialCodes;
    for (const [name, , codes] of rows) for (const code of codes.split(', ')) expect(known, name).toContain(code);
  });
  it('gives the default bound of market orders', () => {
    expect(denials).toContain(`else ${defaultCollarBps} bps above the reference`);
  });
  it('a page without one code is found', () => {
    const without = denials.replace(/\| `SELF_TRADE` .*\n/, '');
    const listed = rowsOf(without).flatMap(([first]) => /^`([A-Z_]+)`$/.exec(first)?.[1] ?? []);
    const known = denialCodes.filter((code) => code === 'SELF_TRADE' || listed.includes(code));
    expect(differences(listed, known, 'denials.md', 'src/domain/denial.ts')).toEqual([
      'SELF_TRADE stands in src/domain/denial.ts and has no row in docs/reference/denials.md',
    ]);
  });
});

describe('docs/reference/limits.md', () => {
  it('has every scope and every limit, in order', () => {
    expect(namesIn(limits, 'Scopes')).toEqual([...limitScopes]);
    expect(differences(namesIn(limits, 'Names'), limitNames, 'limits.md', 'src/domain/limit.ts')).toEqual([]);
    expect(namesIn(limits, 'Names')).toEqual([...limitNames]);
  });
  it('gives unit, scopes and largest value of each as the code has them', () => {
    const rows = new Map(
      rowsOf(limits)
        .filter((row) => row.length === 5)
        .map((row) => [row[0].replaceAll('`', ''), row]),
    );
    for (const name of limitNames) {
      const rule = limitRules[name];
      const [, unit, scopes, largest] = rows.get(name) ?? [];
      expect(unit, name).toBe(rule.unit);
      expect(scopes, name).toBe(rule.scopes.length === limitScopes.length ? 'all' : rule.scopes.join(', '));
      expect(largest, name).toBe(rule.max === Number.MAX_SAFE_INTEGER ? '2^53 - 1' : rule.max.toLocaleString('en-US'));
    }
  });
  it('has every rule of the monitors with its class, and their numbers', () => {
    expect(namesIn(limits, 'Monitors')).toEqual([...watchedRules]);
    const rows = new Map(
      rowsOf(limits)
        .filter((row) => row.length === 4)
        .map((row) => [row[0].replaceAll('`', ''), row[1]]),
    );
    for (const rule of watchedRules) expect(rows.get(rule), rule).toBe(ruleClasses[rule]);
    expect(limits).toContain(`${defaultConsecutiveErrors} errors in a row`);
    expect(limits).toContain(`the last ${latencyWindowSize.toLocaleString('en-US')} times`);
    expect(limits).toContain(`from ${leastLatencySamples} samples on`);
    expect(limits).toContain(`the log of the last ${defaultCapacities.orderLog.toLocaleString('en-US')} orders`);
    expect([maxOrderRate, maxDuplicateWindow].map((n) => limits.includes(n.toLocaleString('en-US')))).toEqual([true, true]);
  });
});
