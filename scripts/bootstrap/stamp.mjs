// What a build was made from, so that nobody builds again what has not changed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ path: string, inputs: () => string[], tools: readonly string[] }} Made `path` of the stamp, `inputs` relative to the root, `tools` whose text is part of it too */

/**
 * First by sizes and times alone; where these differ (a clone, a switch of branches) by content.
 * @param {string} root
 * @param {Made} made
 */
export function isCurrent(root, { path, inputs, tools }) {
  if (!existsSync(path)) return false;
  const stamp = JSON.parse(readFileSync(path, 'utf8'));
  const paths = inputs();
  const quick = quickDigest(root, paths, tools);
  if (stamp.quick === quick) return true;
  if (stamp.content !== contentDigest(root, paths, tools)) return false;
  writeFileSync(path, JSON.stringify({ ...stamp, quick }));
  return true;
}

/**
 * The text of a stamp, taken before the build begins: what is changed meanwhile is built again.
 * @param {string} root
 * @param {Pick<Made, 'inputs' | 'tools'>} made
 */
export function stampOf(root, { inputs, tools }) {
  const paths = inputs();
  return JSON.stringify({ quick: quickDigest(root, paths, tools), content: contentDigest(root, paths, tools) });
}

/** @param {readonly string[]} tools */
function begun(tools) {
  const hash = createHash('sha256');
  for (const tool of tools) hash.update(readFileSync(tool));
  return hash;
}

/** @param {string} root @param {string[]} paths @param {readonly string[]} tools */
function quickDigest(root, paths, tools) {
  const hash = begun(tools);
  for (const path of paths) {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** @param {string} root @param {string[]} paths @param {readonly string[]} tools */
function contentDigest(root, paths, tools) {
  const hash = begun(tools);
  for (const path of paths)
    hash
      .update(`${path}\n`)
      .update(readFileSync(join(root, path)))
      .update('\n');
  return hash.digest('hex');
}
