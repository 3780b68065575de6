/**
 * X = Q R for a tall matrix given by columns, and Q'y beside it. R is upper triangular, `upper[j]` its column j (rows 0 ... j).
 * The residual squares of y on the first k columns are the squares of `rotated[k ..]`: nested regressions cost one factorization.
 */
export interface Factorization {
  readonly upper: readonly Float64Array[];
  readonly rotated: Float64Array;
  /** First column that depends on those before it; the factorization stops there. */
  readonly dependent: number | undefined;
}

/** A column counts as dependent when what is left of it is below this share of its length, per row (machine epsilon). */
const DEPENDENCE = 2.220446049250313e-16;

/**
 * Householder reflections (Householder 1958; Golub & Van Loan 2013, algorithm 5.2.1). `columns` and `response` have one length n, at
 * least the number of columns.
 */
export function factorize(columns: readonly ArrayLike<number>[], response: ArrayLike<number>): Factorization {
  const rows = response.length;
  const rotated = new Float64Array(response);
  const work = columns.map((column) => new Float64Array(column));
  const upper: Float64Array[] = [];
  for (let j = 0; j < work.length; j++) {
    const column = work[j];
    const length = norm(column, 0);
    const left = norm(column, j);
    if (!(left > DEPENDENCE * rows * length)) return { upper, rotated, dependent: j };
    const pivot = column[j] > 0 ? -left : left;
    const reflector = column.slice(j);
    reflector[0] -= pivot;
    const scale = 1 / (left * (left + Math.abs(column[j])));
    for (let k = j + 1; k < work.length; k++) reflect(work[k], reflector, scale, j);
    reflect(rotated, reflector, scale, j);
    column[j] = pivot;
    upper.push(column.slice(0, j + 1));
  }
  return { upper, rotated, dependent: undefined };
}

/** Solves R x = the first `size` elements of Q'y. */
export function backSubstitute(upper: readonly Float64Array[], rightSide: ArrayLike<number>, size: number): Float64Array {
  const solution = new Float64Array(size);
  for (let i = 0; i < size; i++) solution[i] = rightSide[i];
  for (let j = size - 1; j >= 0; j--) {
    solution[j] /= upper[j][j];
    for (let i = 0; i < j; i++) solution[i] -= upper[j][i] * solution[j];
  }
  return solution;
}

/** Element k: residual squares of the response on the first k columns, k = 0 ... number of columns. */
export function nestedResidualSquares(factorization: Factorization): Float64Array {
  const { rotated, upper } = factorization;
  const squares = new Float64Array(upper.length + 1);
  let sum = 0;
  for (let i = rotated.length - 1; i >= 0; i--) {
    sum += rotated[i] * rotated[i];
    if (i < squares.length) squares[i] = sum;
  }
  return squares;
}

function reflect(target: Float64Array, reflector: Float64Array, scale: number, offset: number): void {
  let product = 0;
  for (let i = 0; i < reflector.length; i++) product += reflector[i] * target[offset + i];
  const share = product * scale;
  for (let i = 0; i < reflector.length; i++) target[offset + i] -= share * reflector[i];
}

function norm(column: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < column.length; i++) sum += column[i] * column[i];
  return Math.sqrt(sum);
}
