// Brings the tree to where the command can run: packages as the lock file says, dist and the compiled tests as the sources say.
import { join } from 'node:path';
import { withFolderLock } from './folder-lock.mjs';
import { installPackages, packagesAreCurrent } from './install.mjs';
import { buildDist, distIsCurrent } from './build.mjs';
import { compileTree, compiledIsCurrent } from './compile.mjs';
import { announce } from './progress.mjs';

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** Ctrl-C and the like while installing or building. */
export class Interrupted extends Error {
  /** @param {keyof typeof EXIT_CODES} signal */
  constructor(signal) {
    super(`interrupted by ${signal}`);
    this.exitCode = EXIT_CODES[signal];
  }
}

/**
 * Does nothing, and takes a few milliseconds, when all is current. Otherwise one process at a time works and the others wait for it.
 * @param {string} root folder of package.json
 * @param {{ build: boolean, compile?: boolean }} options `build: false` where only the packages are needed, `compile: true` where tests or harnesses run as JavaScript
 */
export async function prepare(root, { build, compile = false } = { build: true }) {
  if (packagesAreCurrent(root) && (!build || distIsCurrent(root)) && (!compile || compiledIsCurrent(root))) return;
  await interruptibly(async (abort) => {
    const lock = join(root, '.plimsoll', 'bootstrap.lock');
    const onWait = (/** @type {string} */ owner) => announce(`waiting for process ${owner}, which is installing or building here`);
    await withFolderLock(lock, abort, onWait, async (noteChild) => {
      const turn = { abort, noteChild };
      if (!packagesAreCurrent(root)) await installPackages(root, turn);
      if (build && !distIsCurrent(root)) await buildDist(root, turn);
      if (compile && !compiledIsCurrent(root)) await compileTree(root, turn);
    });
  });
}

/**
 * While `work` runs, a signal aborts it; what it holds is released before this process ends.
 * @param {(abort: AbortSignal) => Promise<void>} work
 */
async function interruptibly(work) {
  const controller = new AbortController();
  const signals = /** @type {(keyof typeof EXIT_CODES)[]} */ (Object.keys(EXIT_CODES));
  const onSignal = (/** @type {NodeJS.Signals} */ signal) =>
    controller.abort(new Interrupted(/** @type {keyof typeof EXIT_CODES} */ (signal)));
  for (const signal of signals) process.on(signal, onSignal);
  try {
    await work(controller.signal);
    controller.signal.throwIfAborted();
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}
