/** Set where the same tests have had every case on another Node: `sample`. */
const asked = process.env['PLIMSOLL_CASES'] ?? '';
/** One case in so many is a sample. */
const sampleOneIn = 10;

/**
 * How many cases a property is asked for: all that it promises; on the other Nodes of a CI run, where what may differ is the machine and not the arithmetic, a sample.
 * @throws when something else than a sample is asked for.
 */
export function casesOf(all: number, share = asked): number {
  if (share === '') return all;
  if (share === 'sample') return Math.ceil(all / sampleOneIn);
  throw new Error(`PLIMSOLL_CASES: expected sample or nothing, was ${share}`);
}
