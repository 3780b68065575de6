import { describe, expect, it } from 'vitest';
import { stateHash } from '../../core/engine.ts';
import { RolloutDesk } from './rollout-desk.ts';
import { SeededScript } from './seeded-script.ts';

const seeds = 60;
const actions = 160;

describe('rollout invariants over seeded lives of a desk', () => {
  it('KILL AUTH1 AUTH2 AUTH5 AUTH6 AUTH7 CAP1 CAP3 CAP4 CAP5 ROL1 ROL2 ROL3 ROL6 POS1 POS2 PRO1-4 PRO7 LIV1 LIV2 STALE hold after every turn', () => {
    const cases = new Map<string, number>();
    let turns = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const { desk, invariants } = new SeededScript(seed).run(actions);
      expect({ seed, violations: invariants.violations }).toEqual({ seed, violations: [] });
      turns += desk.turns.length;
      for (const [what, n] of invariants.cases) cases.set(what, (cases.get(what) ?? 0) + n);
    }
    console.log(`rollout invariants: ${seeds} seeds, ${turns} turns, ${[...cases].map(([what, n]) => `${n} ${what}`).join(', ')}`);
    for (const what of [
      'orderSent',
      'fillBooked',
      'lotsTransferred',
      'killLatched',
      'rollbackCompleted',
      'stageGranted',
      'row past its cap',
      'KILL cancels',
      'RB2 cancels',
    ])
      expect({ what, seen: (cases.get(what) ?? 0) >= 15 }).toEqual({ what, seen: true });
  }, 120_000);

  it('REPLAY a second core fed the same inputs gives the same decisions, effects and state hash', () => {
    let turns = 0;
    for (let seed = 1_001; seed <= 1_008; seed++) {
      const { desk } = new SeededScript(seed).run(actions);
      const again = new RolloutDesk();
      for (const turn of desk.turns) {
        again.at = turn.at;
        const same = again.say(turn.input);
        expect([same.seq, same.decisions, same.effects]).toEqual([turn.seq, turn.decisions, turn.effects]);
        turns++;
      }
      expect(stateHash(again.core)).toBe(stateHash(desk.core));
    }
    console.log(`rollout replay: 8 seeds, ${turns} turns`);
  }, 120_000);
});
