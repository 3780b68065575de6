import { join } from 'node:path';
import { projectRoot } from '../../src/testing/tidy/tree.ts';

/** Clones HEAD into a new folder and runs the commands of the README there (`start`, `test`), timed; it stands beside the project. */
export const freshClone = join(projectRoot, '../shared/tools/fresh-clone');
