import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { proveConsistency, proveRecord } from '../../journal/prove.ts';
import { exportTiles } from '../../journal/tiles.ts';
import { Witness } from '../../journal/witness.ts';
import { askWitness, serveWitness } from '../../journal/witness-http.ts';
import { checkProof } from '../../verify/proof.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import { coreDigest } from '../desk/core-digest.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { fileSystemCheck } from '../desk/fsck.ts';
import { findJournal } from '../desk/journal-files.ts';
import { lastHead } from '../desk/last-head.ts';
import { Interrupt } from './interrupt.ts';
import { countOf, portOf } from './option-values.ts';
import { print } from './output.ts';

interface ProveOptions {
  readonly seq?: number;
  readonly from?: string;
  readonly head?: string;
  readonly out?: string;
}

interface Json {
  readonly json?: true;
}

const json = ['--json', 'print one JSON object and nothing else'] as const;

export function addProofs(plimsoll: Command, journal: Command): void {
  journal
    .command('prove')
    .description(
      'that a record is in the journal, or that it begins with what an older head covers; the proof is checked without the journal',
    )
    .argument('<directory>')
    .option('--seq <n>', 'the record', countOf)
    .option('--from <file>', 'the older head')
    .option('--head <file>', 'head to prove against; left out: the newest checkpoint')
    .option('--out <file>', 'where the proof goes; left out: standard output')
    .action(prove);
  journal
    .command('check-proof')
    .description('checks a proof by itself; exit 0 valid, 1 not')
    .argument('<file>')
    .requiredOption('--key <file>', 'public key of the log')
    .option(...json)
    .action(check);
  journal
    .command('fsck')
    .description('everything in a data directory: journal, snapshots, capture, emergency records, what was left behind; changes nothing')
    .argument('<directory>')
    .option(
      '--capture <directory>',
      'captured market data, held against the chunks that the journal notes; left out: capture/ in the data directory',
    )
    .option(...json)
    .action(fsck);
  journal
    .command('tiles')
    .description('writes the tree as tiles (c2sp.org/tlog-tiles) for whoever wants to follow it')
    .argument('<directory>')
    .requiredOption('--to <directory>', 'where they go')
    .option(...json)
    .action(tiles);
  journal
    .command('cosign')
    .description('has the newest head signed by a witness')
    .argument('<directory>')
    .requiredOption('--witness <url>', 'http://127.0.0.1:PORT')
    .option('--out <file>', 'where the head with both signatures goes')
    .option(...json)
    .action(cosign);
  plimsoll
    .command('witness')
    .description('keeps the newest head of a log on another disk and signs only what begins with it; runs until Ctrl-C')
    .requiredOption('--dir <directory>', 'its own directory')
    .requiredOption('--key <file>', 'public key of the log')
    .option('--name <name>', 'name in its signatures', 'witness')
    .option('--port <n>', 'on the loopback interface; 0 = any', portOf, 0)
    .action(witness);
}

function readGiven(file: string, what: string): string {
  if (!existsSync(file)) throw new Refusal(exitCodes.refused, `${what} ${file}: no such file`);
  return readFileSync(file, 'utf8');
}

async function prove(directory: string, { seq, from, head, out }: ProveOptions): Promise<void> {
  if ((seq === undefined) === (from === undefined))
    throw new Refusal(exitCodes.usage, 'journal prove: expected either --seq N or --from FILE');
  const { root, folder } = await findJournal(directory);
  const given = head === undefined ? undefined : readGiven(head, 'head');
  const disk = nodeDisk(root);
  const proof =
    from === undefined
      ? await proveRecord(disk, folder, seq ?? 0, given)
      : await proveConsistency(disk, folder, readGiven(from, 'older head'), given);
  if (!proof.ok) throw new Refusal(exitCodes.refused, proof.error);
  const text = `${JSON.stringify(proof.value)}\n`;
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text);
}

function check(file: string, options: Json & { readonly key: string }): void {
  const verdict = checkProof(readGiven(file, 'proof'), readGiven(options.key, 'key'));
  print(options.json === true, verdict, verdict.verdict);
  if (!verdict.valid) process.exitCode = exitCodes.aborted;
}

async function fsck(directory: string, options: Json & { readonly capture?: string }): Promise<void> {
  const { root, folder } = await findJournal(directory);
  const found = await fileSystemCheck(root, folder, coreDigest(), options.capture);
  print(options.json === true, found, found.lines.join('\n'));
  if (!found.sound) process.exitCode = exitCodes.aborted;
}

async function tiles(directory: string, options: Json & { readonly to: string }): Promise<void> {
  const { root, folder } = await findJournal(directory);
  const to = relative(root, resolve(options.to));
  const written = await exportTiles(nodeDisk(root), folder, to);
  const head = await lastHead(root, folder);
  if (head !== '') writeFileSync(join(resolve(options.to), 'checkpoint'), head);
  print(
    options.json === true,
    { tiles: written.tiles, entries: written.end.entries },
    `${written.tiles} tiles of ${written.end.entries} entries in ${options.to}`,
  );
}

async function cosign(directory: string, options: Json & { readonly witness: string; readonly out?: string }): Promise<void> {
  const { root, folder } = await findJournal(directory);
  const head = await lastHead(root, folder);
  if (head === '') throw new Refusal(exitCodes.refused, `${directory}: the journal has no checkpoint yet`);
  const answer = await askWitness(nodeDisk(root), folder, head, options.witness).catch((error: unknown) => {
    throw new Refusal(
      exitCodes.refused,
      `witness ${options.witness}: no answer (${error instanceof Error ? error.message : String(error)})`,
    );
  });
  if (answer.status !== 200) throw new Refusal(exitCodes.refused, `the witness does not sign: ${answer.text}`);
  if (options.out !== undefined) writeFileSync(options.out, answer.note);
  print(options.json === true, { head: answer.note }, answer.note.trimEnd());
}

async function witness(options: {
  readonly dir: string;
  readonly key: string;
  readonly name: string;
  readonly port: number;
}): Promise<void> {
  const path = resolve(options.dir);
  const opened = await Witness.open(
    nodeDisk(resolve(path, '..')),
    path.split(/[\\/]/).at(-1) ?? 'witness',
    options.name,
    readGiven(options.key, 'key').trim(),
  );
  if (typeof opened === 'string') throw new Refusal(exitCodes.refused, opened);
  const server = await serveWitness(opened, options.port);
  process.stdout.write(`witness ${opened.verifierKey}\nhttp://127.0.0.1:${server.port}, ${opened.size} entries signed for\n`);
  const interrupt = new Interrupt();
  while (!interrupt.asked) await new Promise((wake) => setTimeout(wake, 100));
  await server.close();
}
