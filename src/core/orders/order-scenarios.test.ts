import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseScenarios, playScenario } from '../../testing/orders/order-scenarios.ts';

function scenariosOf(file: string): ReturnType<typeof parseScenarios> {
  return parseScenarios(readFileSync(new URL(file, import.meta.url), 'utf8'));
}

const fix = scenariosOf('./fix-matrices.scenarios.txt');
const races = scenariosOf('./races.scenarios.txt');

describe('the FIX order state change matrices', () => {
  for (const scenario of fix) {
    it(scenario.title, () => {
      expect(playScenario(scenario)).toEqual([]);
    });
  }

  it('are there for each group from A to K', () => {
    const groups = new Set(fix.map((scenario) => scenario.title[0]));
    expect([...groups].sort().join('')).toBe('ABCDEFGHIJK');
    console.log(`order scenarios: ${fix.length} of FIX, ${races.length} beyond`);
    expect(fix.length + races.length).toBeGreaterThanOrEqual(60);
  });
});

describe('races, silence and contradiction', () => {
  for (const scenario of races) {
    it(scenario.title, () => {
      expect(playScenario(scenario)).toEqual([]);
    });
  }
});

describe('a scenario with one wrong number', () => {
  it('is reported with its line (planted fault)', () => {
    const text =
      '# planted\n| we send | the venue reports | status | cumQty | leavesQty | remark |\n| new X 10 | | pendingNew | 0 | 9 | |\n';
    expect(playScenario(parseScenarios(text)[0])).toEqual(['new X 10: expected pendingNew 0 9, was pendingNew 0 10']);
  });
});
