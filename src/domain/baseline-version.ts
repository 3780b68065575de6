import type { VersionID } from './ids.ts';

const mark = '+baseline.';

/** Name of an instance of a version that runs as somebody's baseline; `n` tells the instances of one desk apart. */
export function baselineVersion(version: VersionID, n: number): VersionID {
  return `${version}${mark}${n}`;
}

export function isBaselineVersion(version: VersionID): boolean {
  return version.includes(mark);
}

/** The version whose code an instance runs. */
export function codeVersion(version: VersionID): VersionID {
  return version.split(mark, 1)[0];
}
