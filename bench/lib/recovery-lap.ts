import { readdirSync, readFileSync } from 'node:fs';
import { tailReaderOf } from '../../src/apps/desk/read-ahead.ts';
import { defaultCoreCapacities } from '../../src/core/core.ts';
import { stateHash } from '../../src/core/engine.ts';
import { createDecisionComparer } from '../../src/journal/diff.ts';
import { inlineMore } from '../../src/runtime/inlining.ts';
import { recoverDesk } from '../../src/runtime/recovery.ts';
import { nodeDisk } from '../../src/storage/file/node-disk.ts';
import { numberOption, textOption } from './options.ts';

/** One recovery, in a process that does nothing else: prints what it took as JSON. Usage: recovery-lap --root DIR --digest HEX [--parts N of the second thread] */
export interface Lap {
  readonly hash: string;
  readonly tail: number;
  readonly millis: number;
  /** Processor time of the thread that steps, of the busiest other one (it reads ahead), and of all of them. */
  readonly steppingMillis: number;
  readonly readingMillis: number;
  readonly cpuMillis: number;
}

/** Between two looks at what the threads have run (ms): one that has ended says nothing any more. */
const lookEvery = 50;
/** Of a clock tick in /proc (ms). */
const tickMillis = 10;

function ranByThread(): ReadonlyMap<string, number> {
  const ran = new Map<string, number>();
  for (const thread of readdirSync('/proc/self/task')) {
    try {
      const fields = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ')[1].split(' ');
      ran.set(thread, (Number(fields[11]) + Number(fields[12])) * tickMillis);
    } catch {
      // it has ended since
    }
  }
  return ran;
}

async function lap(root: string, coreDigest: string): Promise<Lap> {
  const before = ranByThread();
  const seen = new Map<string, number>();
  const look = (): void => ranByThread().forEach((ran, thread) => seen.set(thread, ran - (before.get(thread) ?? 0)));
  const looking = setInterval(look, lookEvery);
  const cpu = process.cpuUsage();
  const began = performance.now();
  const after = numberOption('after', -1);
  const found = await recoverDesk({
    disk: nodeDisk(root),
    directory: 'journal',
    capacities: defaultCoreCapacities,
    coreDigest,
    same: createDecisionComparer(),
    openTail: after < 0 ? tailReaderOf(root, 'journal') : tailReaderOf(root, 'journal', after),
  });
  const millis = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  look();
  clearInterval(looking);
  if (!found.ok) throw new Error(found.error.message);
  const own = String(process.pid);
  const others = [...seen].filter(([thread]) => thread !== own).map(([, ran]) => ran);
  return {
    hash: stateHash(found.value.core),
    tail: found.value.found.tail,
    millis,
    steppingMillis: seen.get(own) ?? 0,
    readingMillis: Math.max(0, ...others),
    cpuMillis: (user + system) / 1_000,
  };
}

// as the core's thread of a desk that stays up
inlineMore();
console.log(JSON.stringify(await lap(textOption('root', ''), textOption('digest', ''))));
