import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { isoFromMicros } from '../../base/time.ts';
import type { Core } from '../../core/core.ts';
import { step } from '../../core/engine.ts';
import { createOutcome } from '../../core/outcome.ts';
import { openCount } from '../../core/orders/order-store.ts';
import { modeOf } from '../../core/risk/order-gate.ts';
import type { Input } from '../../domain/input.ts';
import { removeEmergency } from '../../journal/continue-journal.ts';
import type { FileJournal } from '../../journal/file-journal.ts';
import { readJournal } from '../../journal/reader.ts';
import { inspectDirectory } from '../../journal/inspect.ts';
import { findJournalEnd } from '../../journal/recover.ts';
import type { Recovered } from '../../runtime/recovery.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import { coreDigest } from '../desk/core-digest.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { headFile, openJournal, recoverDirectory, refusalOf, takeDirectory } from '../desk/journal-files.ts';
import { journalFolder } from '../desk/journal-folder.ts';
import { killAsked } from '../desk/kill-note.ts';
import { haltsOf, type Past } from '../desk/resume.ts';
import { print } from './output.ts';

interface RecoverOptions {
  readonly dryRun?: true;
  readonly head?: string;
  readonly json?: true;
}

export function addRecover(plimsoll: Command): void {
  plimsoll
    .command('recover')
    .description(
      'what a start would find on a data directory whose desk is gone; without --dry-run its journal is closed, everything restricted',
    )
    .argument('<directory>', 'data directory')
    .option('--dry-run', 'tell it, change nothing')
    .option('--head <file>', 'signed head that was kept outside: everything up to it must be there')
    .option('--json', 'print one JSON object and nothing else')
    .action(runRecover);
}

async function runRecover(given: string, options: RecoverOptions): Promise<void> {
  if (!existsSync(given)) throw new Refusal(exitCodes.refused, `${given}: no such directory`);
  if (options.head !== undefined && !existsSync(options.head)) throw new Refusal(exitCodes.refused, `head ${options.head}: no such file`);
  const heads = options.head === undefined ? [] : [readFileSync(options.head, 'utf8')];
  const directory = await takeDirectory(given);
  try {
    const state = await inspectDirectory(nodeDisk(directory.path), journalFolder);
    if (state === 'empty') throw new Refusal(exitCodes.refused, `${given}: holds no journal`);
    if (state === 'finished') {
      const end = await readJournal(nodeDisk(directory.path), journalFolder, () => undefined);
      if (end.kind === 'damaged')
        throw new Refusal(
          exitCodes.aborted,
          `${given}: its journal was closed in good order and is damaged now: ${end.what} (${end.file} at byte ${end.offset}); journal verify lists all of it`,
        );
      await holdAgainst(directory.path, heads);
      print(
        options.json === true,
        { state, text: 'closed in good order' },
        `${given}: its journal was closed in good order, there is nothing to recover`,
      );
      return;
    }
    const digest = coreDigest();
    const recovered = await recoverDirectory(directory.path, digest, heads);
    const told = describe(recovered, digest, killAsked(directory.path));
    const done = options.dryRun === true ? undefined : await closeJournal(directory.path, digest);
    const last =
      done === undefined ? 'nothing was changed (--dry-run)' : `closed: ${done.entries} entries, head in ${join(given, headFile)}`;
    if (done !== undefined) writeFileSync(join(directory.path, headFile), done.head());
    print(options.json === true, { state, ...told.body, closed: done !== undefined }, [...told.lines, last].join('\n'));
  } finally {
    await directory.release();
  }
}

/** Refuses a journal that was closed, and does not lead to the heads. */
async function holdAgainst(directory: string, heads: readonly string[]): Promise<void> {
  if (heads.length === 0) return;
  const found = await findJournalEnd({ disk: nodeDisk(directory), directory: journalFolder, heads, visit: () => undefined });
  if (!found.ok) throw refusalOf(directory, found.error);
}

function describe(
  { core, found, at, otherBuild, inputs }: Recovered,
  digest: string,
  asked: string | undefined,
): { readonly body: object; readonly lines: readonly string[] } {
  const { end } = found;
  const rows = core.gate.rows.map(({ ix, sliceID, version }) => ({
    sliceID,
    version,
    mode: modeOf(core.gate, ix),
    epoch: core.gate.epoch[ix],
  }));
  const halted = rows.filter(({ mode }) => mode === 'HALTED').length;
  const term = found.header.term + 1;
  const body = {
    end: end.kind,
    lastSeq: end.lastSeq,
    at: isoFromMicros(at),
    entries: end.entries,
    acknowledged: found.acknowledged,
    torn: end.kind === 'torn' ? { file: end.file, offset: end.offset, what: end.what } : null,
    snapshotSeq: found.snapshotSeq,
    passedOver: found.passedOver,
    tail: found.tail,
    inputs,
    term,
    build: digest,
    otherBuild,
    rows,
    openOrders: openCount(core.orders),
    rollbacks: core.rollout.open.length,
    killed: core.rollout.killed,
    killReason: core.rollout.killed ? core.rollout.killReason : (asked ?? ''),
    emergency: found.emergency.length,
  };
  const from = found.snapshotSeq === 0 ? 'no snapshot, from the first record' : `the snapshot of record ${found.snapshotSeq}`;
  const torn = end.kind === 'torn' ? `; behind it a torn commit is cut (${end.file} at byte ${end.offset}: ${end.what})` : '';
  const lines = [
    `journal      last record ${end.lastSeq} of ${isoFromMicros(at)}, ${end.entries} entries, ${found.acknowledged} of them under a signed head${torn}`,
    `state        ${from}, then ${found.tail} records: every decision derived again and equal`,
    ...found.passedOver.map(({ name, why }) => `passed over  ${name}: ${why}`),
    ...(otherBuild === ''
      ? []
      : [`build        written by ${otherBuild.slice(0, 12)}…, goes on with ${digest.slice(0, 12)}…: it derives the same`]),
    `start        term ${term}, epochs of ${rows.length} rows raised, ${rows.length - halted} CANCEL_ONLY until the venues are compared, ${halted} stay HALTED`,
    `venues       ${body.openOrders} open orders to be asked for, ${body.rollbacks} rollbacks to go on with${body.killed ? ', the kill switch stays engaged' : ''}`,
    ...(body.killed ? [`killed       ${body.killReason}`] : []),
    ...(asked === undefined ? [] : [`killed       ${asked}: the next start engages the kill switch`]),
    ...(body.emergency === 0 ? [] : [`emergency    ${body.emergency} halt records to be merged`]),
  ];
  return { body, lines };
}

/** Restricts everything, merges halts and closes: the journal is whole and can be proven; nothing trades. */
async function closeJournal(path: string, digest: string): Promise<FileJournal> {
  const { journal, past } = await openJournal(path, digest, 'group');
  if (past === undefined) return journal;
  const text = 'recovered without a desk';
  submit(journal, past.core, past, { kind: 'start', term: past.found.header.term + 1, coreDigest: digest, text });
  for (const input of haltsOf(past, past.core)) submit(journal, past.core, past, input);
  submit(journal, past.core, past, { kind: 'close', reason: text });
  const closed = await journal.close();
  if (!closed.ok) throw new Refusal(exitCodes.aborted, closed.message);
  await removeEmergency(nodeDisk(path), journalFolder);
  return journal;
}

function submit(journal: FileJournal, core: Core, { at }: Past, input: Input): void {
  const outcome = createOutcome();
  const seq = journal.nextSeq;
  journal.appendInput(seq, at, input);
  step(core, seq, at, input, outcome);
  outcome.decisions.forEach((decision, n) => journal.appendDecision(seq + 1 + n, at, seq, decision));
}
