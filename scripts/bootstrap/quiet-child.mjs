// Runs a command whose output only matters when it fails.
import { spawn } from 'node:child_process';

/** How much of a failed command's output is shown, from its end. */
const OUTPUT_CHARS = 8_000;

/** @typedef {{ abort: AbortSignal, noteChild: (pid: number) => void }} Turn held while this process is the one that works on the tree */

/**
 * @param {string[]} command program and arguments
 * @param {{ cwd: string, failure: string }} options `failure` opens the error: what could not be done
 * @param {Turn} turn
 * @returns {Promise<void>}
 */
export function runQuietly(command, { cwd, failure }, { abort, noteChild }) {
  return new Promise((resolve, reject) => {
    const [program, ...args] = command;
    const shell = process.platform === 'win32' && program === 'npm';
    const child = spawn(program, args, { cwd, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    if (child.pid !== undefined) noteChild(child.pid);
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => (output = (output + chunk.toString()).slice(-OUTPUT_CHARS));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const onAbort = () => child.kill('SIGTERM');
    if (abort.aborted) onAbort();
    abort.addEventListener('abort', onAbort);
    child.on('error', (error) => reject(new Error(`${failure}: ${error.message}`)));
    child.on('close', (status, signal) => {
      abort.removeEventListener('abort', onAbort);
      if (abort.aborted) reject(abort.reason);
      else if (status === 0) resolve();
      else reject(new Error(`${failure} (${command.join(' ')} ended with ${status ?? signal}):\n${output.trimEnd()}`));
    });
  });
}
