import type { Input } from '../../domain/input.ts';

/** Between two agreed numbers (ms): as long may a state that nobody's record explains go unseen. */
export const stateCheckMillis = 60_000;
/** A check takes at most this share of the core's time: with many orders open the numbers lie further apart. */
export const stateCheckShare = 0.001;

/** Asks the core for its state hash at numbers that whoever folds the journal meets too, until the returned function is called or the desk goes on no more. */
export function checkStates(submit: (input: Input) => Promise<unknown>, failed: () => boolean, everyMillis = stateCheckMillis): () => void {
  let timer: NodeJS.Timeout;
  const arm = (millis: number): void => {
    timer = setTimeout(check, millis);
  };
  const check = (): void => {
    if (failed()) return;
    const began = performance.now();
    // the step is done when it returns; what follows waits for the disk
    const recorded = submit({ kind: 'stateCheck', reason: 'agreed number' });
    const took = performance.now() - began;
    void recorded.then(
      () => arm(Math.max(everyMillis, took / stateCheckShare)),
      () => undefined,
    );
  };
  arm(everyMillis);
  return () => clearTimeout(timer);
}
