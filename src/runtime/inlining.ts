import { setFlagsFromString } from 'node:v8';

/**
 * How much of other functions V8 may take into one that it optimises, in bytes of bytecode: all together, and one of them (its own: 920 and 460). An order passes
 * some three hundred functions; with its own limits V8 leaves most of them calls (docs/decisions/0034). It compiles for longer: for desks that stay up, not for
 * commands of a few seconds. For all threads of this Node process, from now on.
 */
export function inlineMore(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=3000');
  setFlagsFromString('--max-inlined-bytecode-size=800');
}
