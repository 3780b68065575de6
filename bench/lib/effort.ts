import { hasFlag, numberOption } from './options.ts';

/** How long is measured. Memory is measured over inputs, not over time; 0 = not at all. */
export interface Effort {
  readonly name: 'full' | 'quick' | 'smoke';
  readonly rounds: number;
  readonly seconds: number;
  readonly firstInputs: number;
  readonly lastInputs: number;
  /** Of the rollback, each a second. */
  readonly repetitions: number;
  readonly seed: number;
}

/** `--smoke` 3 x 1 s and no memory (its rings do not fill in a second), `--quick` 3 x 3 s, else 5 x 10 s; `--rounds` and `--seconds` change either. Rollbacks: 1,000 in a full run unless `--repetitions` says, fewer where rounds and seconds are fewer. */
export function effortAsked(): Effort {
  const name = hasFlag('smoke') ? 'smoke' : hasFlag('quick') ? 'quick' : 'full';
  const [roundsUnasked, secondsUnasked] = name === 'smoke' ? [3, 1] : name === 'quick' ? [3, 3] : [5, 10];
  const [rounds, seconds] = [numberOption('rounds', roundsUnasked), numberOption('seconds', secondsUnasked)];
  const repetitions = name === 'smoke' ? 3 : Math.max(10, Math.min(1_000, Math.round(rounds * seconds * (name === 'quick' ? 4 : 20))));
  return {
    name,
    rounds,
    seconds,
    repetitions: numberOption('repetitions', repetitions),
    firstInputs: name === 'smoke' ? 0 : 5_000_000,
    lastInputs: name === 'smoke' ? 0 : numberOption('inputs', name === 'quick' ? 10_000_000 : 50_000_000),
    seed: numberOption('seed', 1),
  };
}
