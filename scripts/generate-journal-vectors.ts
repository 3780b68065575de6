// Writes the golden journal of vectors/journal. A change of its bytes is a change of the format: old journals must stay readable.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nodeDisk } from '../src/storage/file/node-disk.ts';
import { goldenKey, writeGolden } from '../src/testing/journal/golden.ts';

const vectors = join(dirname(import.meta.dirname), 'vectors/journal');
rmSync(join(vectors, 'v1'), { recursive: true, force: true });
const { root, head, entries } = await writeGolden(nodeDisk(vectors), 'v1');
writeFileSync(join(vectors, 'v1.vkey'), `${goldenKey.verifierKey}\n`);
writeFileSync(join(vectors, 'v1.head'), head);
writeFileSync(join(vectors, 'v1.schema.json'), readFileSync(join(vectors, '../../docs/reference/journal-schema.json')));
process.stdout.write(`${entries} entries, root ${root}\n`);
