import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ordStatuses } from '../../domain/order.ts';
import { execTypes } from '../../domain/report.ts';
import { actions, cell, orderTable } from './order-table.ts';

const page = readFileSync(new URL('../../../docs/reference/order-states.md', import.meta.url), 'utf8');

/** The first table under a heading: rows by report, columns by state, cells as text. */
function tableUnder(text: string, heading: string): Map<string, Map<string, string>> {
  const lines = text.slice(text.indexOf(`\n## ${heading}\n`)).split('\n');
  const start = lines.findIndex((line) => line.startsWith('| report |'));
  const cellsOf = (line: string): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((part) => part.trim());
  const columns = cellsOf(lines[start]).slice(1);
  const rows = new Map<string, Map<string, string>>();
  for (let i = start + 2; lines[i]?.startsWith('|'); i++) {
    const [report, ...cells] = cellsOf(lines[i]);
    rows.set(report, new Map(columns.map((column, c) => [column, cells[c]])));
  }
  return rows;
}

function written(next: string, apply: string): string {
  return apply === 'none' ? next : `${next}·${apply}`;
}

/** Cells in which the page and the code differ. */
function differences(text: string): string[] {
  const rows = tableUnder(text, 'The table');
  const found: string[] = [];
  for (const state of ordStatuses) {
    for (const execType of execTypes) {
      const { next, apply } = cell(state, execType);
      const said = rows.get(execType)?.get(state);
      if (said !== written(next, apply)) found.push(`${state} x ${execType}: page says ${said ?? 'nothing'}, code ${written(next, apply)}`);
    }
  }
  return found;
}

describe('the order table', () => {
  it('says the same as docs/reference/order-states.md in every cell', () => {
    expect(differences(page)).toEqual([]);
    const rows = tableUnder(page, 'The table');
    expect([...rows.keys()]).toEqual([...execTypes]);
    for (const row of rows.values()) expect([...row.keys()]).toEqual([...ordStatuses]);
    console.log(`order table: ${rows.size * ordStatuses.length} cells compared with the page`);
  });

  it('is caught when one cell of the page differs (planted fault)', () => {
    const planted = page.replace('| timeout | unknown·lose |', '| timeout | keep |');
    expect(differences(planted)).toEqual(['pendingNew x timeout: page says keep, code unknown·lose']);
  });

  it('has an explanation on the page for each action, and uses each', () => {
    const used = new Set(ordStatuses.flatMap((state) => execTypes.map((execType) => orderTable[state][execType].apply)));
    expect([...used].sort()).toEqual([...actions].sort());
    const explained = page.slice(page.indexOf('| applied | does |'), page.indexOf('## The table worked through'));
    for (const action of actions) if (action !== 'none') expect(explained).toMatch(new RegExp(`^\\| ([a-zA-Z]+, )?${action}\\b`, 'm'));
  });

  it('never refuses a trade: the position is real', () => {
    for (const state of ordStatuses) expect(cell(state, 'trade').next).not.toBe('refused');
  });
});
