import { describe, expect, it } from 'vitest';
import { microsUnchecked } from '../base/units.ts';
import { graphDifference, eachField } from '../testing/snapshot/graph-difference.ts';
import { SeededScript } from '../testing/rollout/seeded-script.ts';
import type { Step } from '../testing/rollout/rollout-desk.ts';
import { createCore, smallCoreCapacities, type Core } from './core.ts';
import { stateHash, step } from './engine.ts';
import { createOutcome } from './outcome.ts';
import { decodeCore, encodeCore, leftOut } from './snapshot.ts';

function decoded(core: Core): Core {
  const read = decodeCore(encodeCore(core));
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

function storeOf(core: Core, store: string): unknown {
  return new Map<string, unknown>(Object.entries(core)).get(store);
}

interface Counted {
  inputs: number;
  snapshots: number;
}

/** Steps every input on the core and on one that was restored a while ago; what they decide, want done and are must be the same. */
function twin(every: number, counted: Counted): Step {
  let other: Core | undefined;
  return (core, seq, at, input, outcome) => {
    if (counted.inputs % every === 0) {
      counted.snapshots += 1;
      other = decoded(core);
      expect(graphDifference(core, other, leftOut)).toBe('');
    }
    counted.inputs += 1;
    const again = createOutcome();
    step(core, seq, at, input, outcome);
    if (other === undefined) return;
    step(other, seq, at, input, again);
    expect(JSON.stringify([again.decisions, again.effects])).toBe(JSON.stringify([outcome.decisions, outcome.effects]));
    expect(other.nextDeadline()).toBe(core.nextDeadline());
    if (counted.inputs % 7 === 0) expect(stateHash(other)).toBe(stateHash(core));
  };
}

describe('a core that was restored from a snapshot', () => {
  it('takes every further decision as the one that went on, at any point of any life', () => {
    const counted: Counted = { inputs: 0, snapshots: 0 };
    for (let seed = 1; seed <= 4; seed++) new SeededScript(seed, twin(23 + seed, counted)).run(160);
    console.log(`${counted.inputs} inputs stepped by both, restored ${counted.snapshots} times`);
    expect(counted.snapshots).toBeGreaterThan(40);
  });

  it('is written as the same bytes again', () => {
    const { core } = new SeededScript(3).run(200).desk;
    const first = encodeCore(core).slice();
    expect(Buffer.compare(encodeCore(decoded(core)), first)).toBe(0);
  });

  it('misses no field: any one that stayed as it was in a new core is found', () => {
    const { core } = new SeededScript(5).run(200).desk;
    const fresh = createCore(1, smallCoreCapacities);
    const values = new Map<string, unknown>();
    eachField(fresh, (owner, key, path) => values.set(path, owner[key]));
    const restored = decoded(core);
    let planted = 0;
    eachField(restored, (owner, key, path) => {
      const now = owner[key];
      const before = values.get(path);
      if (!values.has(path) || typeof now === 'function' || graphDifference(now, before) === '') return;
      planted += 1;
      owner[key] = before;
      const store = path.split('.')[1];
      expect(graphDifference(storeOf(core, store), storeOf(restored, store)), `${path} left as it was`).not.toBe('');
      owner[key] = now;
    });
    console.log(`${planted} fields left out one by one, each found`);
    expect(graphDifference(core, restored, leftOut)).toBe('');
    expect(planted).toBeGreaterThan(60);
  });

  it('carries a field that a store gains, and refuses one that cannot be carried by its name', () => {
    const core = createCore(1, smallCoreCapacities);
    const gained = Object.assign(createCore(1, smallCoreCapacities).rollout, { gained: new Map([['a', { b: microsUnchecked(7) }]]) });
    Object.assign(core, { rollout: gained });
    const bytes = encodeCore(core);
    expect(decodeCore(bytes)).toEqual({ ok: false, error: 'rollout: the snapshot has gained, which is unknown here' });
    Object.assign(core.rollout, { gained: new (class Hidden {})() });
    expect(() => encodeCore(core)).toThrow('graph: rollout.gained: expected plain state, was an instance of a class');
  });

  it('shares nothing that is filled with another core', () => {
    const one = new Set<unknown>();
    eachField(createCore(1, smallCoreCapacities), (owner, key, path) => {
      if (typeof owner[key] === 'object' && ![...leftOut].some((left) => path === `core.${left}` || path.startsWith(`core.${left}.`)))
        one.add(owner[key]);
    });
    one.delete(null);
    let fields = 0;
    eachField(createCore(1, { ...smallCoreCapacities }), (owner, key, path) => {
      fields += 1;
      expect(one.has(owner[key]), path).toBe(false);
    });
    expect(fields).toBeGreaterThan(100);
  });

  it('is refused where its bytes are none of a core', () => {
    const bytes = encodeCore(createCore(1, smallCoreCapacities)).slice();
    expect(decodeCore(bytes.subarray(0, bytes.length - 1)).ok).toBe(false);
    expect(decodeCore(new Uint8Array(100)).ok).toBe(false);
  });
});
