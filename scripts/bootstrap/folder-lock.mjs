// One process at a time, by a folder that holds its owner's name as a file. The folder is made aside and renamed into place, so it is
// never seen without its owner; a stale owner is removed by its own unique name, so two heirs cannot remove each other.
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { hostname } from 'node:os';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;
const HEARTBEAT_MS = 1_000;
/** Silence after which an owner whose process is gone has lost the lock; not zero, as another container's processes cannot be seen. */
const GONE_AFTER_MS = 3_000;
/** Silence after which an owner has lost the lock though a process of that number exists: numbers are used again. */
const SILENT_AFTER_MS = 60_000;

/**
 * @param {string} folder path of the lock
 * @param {AbortSignal} abort ends the waiting
 * @param {(owner: string) => void} onWait called once, with the owner's process number, when the lock is not free
 * @param {(noteChild: (pid: number) => void) => Promise<void>} work notes the child that works for it: should this process be killed,
 *   the lock stays taken until that child has ended too
 */
export async function withFolderLock(folder, abort, onWait, work) {
  const owner = await acquire(folder, abort, onWait);
  const heartbeat = setInterval(() => ignoringAbsence(() => utimesSync(owner, new Date(), new Date())), HEARTBEAT_MS);
  try {
    await work((pid) => writeFileSync(owner, String(pid)));
  } finally {
    clearInterval(heartbeat);
    ignoringAbsence(() => unlinkSync(owner));
    removeEmpty(folder);
  }
}

/** @param {string} folder @param {AbortSignal} abort @param {(owner: string) => void} onWait @returns {Promise<string>} the owner file */
async function acquire(folder, abort, onWait) {
  const nonce = randomBytes(6).toString('hex');
  const name = `${process.pid}_${hostname().replace(/[^A-Za-z0-9.-]/g, '-')}_${nonce}`;
  const aside = `${folder}.${nonce}`;
  mkdirSync(dirname(folder), { recursive: true });
  mkdirSync(aside);
  writeFileSync(join(aside, name), '');
  try {
    for (let waited = false; ; waited = true) {
      if (renameUnlessTaken(aside, folder)) return join(folder, name);
      const holder = holderOf(folder);
      if (holder === undefined) continue;
      if (!waited) onWait(holder.pid);
      await sleep(POLL_MS, undefined, { signal: abort }).catch(() => abort.throwIfAborted());
    }
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** @param {string} aside @param {string} folder */
function renameUnlessTaken(aside, folder) {
  try {
    utimesSync(join(aside, readdirSync(aside)[0]), new Date(), new Date());
    renameSync(aside, folder);
    return true;
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code;
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EPERM' || code === 'EACCES') return false;
    throw error;
  }
}

/** The living holder; nobody when the lock is free or its owner was stale, which is then removed. @param {string} folder */
function holderOf(folder) {
  try {
    const [name] = readdirSync(folder);
    if (name === undefined) {
      removeEmpty(folder);
      return undefined;
    }
    const [pid, host] = name.split('_');
    const silentMs = Date.now() - statSync(join(folder, name)).mtimeMs;
    const child = Number(readFileSync(join(folder, name), 'utf8'));
    const gone = host !== hostname().replace(/[^A-Za-z0-9.-]/g, '-') || !(isAlive(Number(pid)) || (child > 0 && isAlive(child)));
    if (silentMs <= (gone ? GONE_AFTER_MS : SILENT_AFTER_MS)) return { pid };
    unlinkSync(join(folder, name));
    removeEmpty(folder);
    return undefined;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @param {string} folder */
function removeEmpty(folder) {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody else's owner file is in it, or it is gone.
  }
}

/** @param {() => void} act */
function ignoringAbsence(act) {
  try {
    act();
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
  }
}
