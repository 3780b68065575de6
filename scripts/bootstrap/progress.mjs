// Progress on standard error: in a terminal one line that counts seconds, elsewhere a line at the start, every ten seconds and at the end.

const TICK_MS = 200;
const REMINDER_MS = 10_000;

/** @param {string} sentence */
export function announce(sentence) {
  process.stderr.write(`plimsoll: ${sentence}\n`);
}

/**
 * @template T
 * @param {{ doing: string, done: string }} step such as `installing packages`, `installed packages`
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(step, work) {
  const started = Date.now();
  const stop = process.stderr.isTTY ? showSeconds(step.doing, started) : remind(step.doing, started);
  let result;
  try {
    result = await work();
  } finally {
    stop();
  }
  announce(`${step.done} in ${seconds(started)}`);
  return result;
}

/** @param {string} doing @param {number} started */
function showSeconds(doing, started) {
  const draw = () => process.stderr.write(`\r\u001b[Kplimsoll: ${doing}, ${seconds(started)}`);
  draw();
  const timer = setInterval(draw, TICK_MS);
  return () => {
    clearInterval(timer);
    process.stderr.write('\r\u001b[K');
  };
}

/** @param {string} doing @param {number} started */
function remind(doing, started) {
  announce(doing);
  const timer = setInterval(() => announce(`still ${doing}, ${seconds(started)}`), REMINDER_MS);
  return () => clearInterval(timer);
}

/** @param {number} started */
function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}
