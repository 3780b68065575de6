// Written so that every Node that knows modules can read it: an old one must get the sentence, not a syntax error.

/** Oldest Node that is tested. */
export const OLDEST_NODE = [20, 19];

/** @param {string} version such as `20.20.2` */
export function isOldNode(version) {
  const [major, minor] = version.split('.').map(Number);
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}

export function refuseOldNode() {
  const version = process.versions.node;
  if (!isOldNode(version)) return;
  process.stderr.write(
    'plimsoll: expected Node ' +
      OLDEST_NODE.join('.') +
      ' or newer, was ' +
      version +
      '. Install a newer Node and run the command again.\n',
  );
  process.exit(1);
}
