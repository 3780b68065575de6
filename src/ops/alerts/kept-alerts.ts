import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { microsUnchecked } from '../../base/units.ts';
import { alertSeverities, type Alert } from '../../ports/alert.ts';

/** Most alerts that are kept for one channel; the oldest make room. */
export const maxKeptAlerts = 64;

/**
 * Alerts that have no record in the journal (a desk that died, a journal that took no more), for the channels that have not delivered them yet: no start finds them in the
 * journal, so that they wait in a file of their own. Written beside, synced, renamed. A disk that takes nothing keeps nothing, and holds no delivery up.
 */
export interface KeptAlerts {
  /** Of a process before this one, oldest first. */
  waiting(channel: string): readonly Alert[];
  keep(channel: string, alert: Alert): void;
  forget(channel: string, id: string): void;
}

interface Kept {
  readonly channel: string;
  readonly alert: Alert;
}

/** @param onFailure hears why something could not be kept. */
export function keptAlerts(path: string, onFailure: (why: string) => void): KeptAlerts {
  let kept: readonly Kept[] = existsSync(path) ? read(path, onFailure) : [];
  const write = (next: readonly Kept[]): void => {
    kept = next;
    try {
      const file = openSync(`${path}.new`, 'w', 0o600);
      try {
        const bytes = Buffer.from(next.map((one) => `${JSON.stringify(one)}\n`).join(''));
        if (writeSync(file, bytes) !== bytes.length) throw new Error('no space is left');
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(`${path}.new`, path);
    } catch (error) {
      onFailure(error instanceof Error ? error.message : String(error));
    }
  };
  return {
    waiting: (channel) => kept.filter((one) => one.channel === channel).map(({ alert }) => alert),
    keep: (channel, alert) => {
      const own = kept.filter((one) => one.channel === channel);
      const tooMany = own.slice(0, Math.max(0, own.length + 1 - maxKeptAlerts));
      write([...kept.filter((one) => !tooMany.includes(one)), { channel, alert }]);
    },
    forget: (channel, id) => {
      const next = kept.filter((one) => one.channel !== channel || one.alert.id !== id);
      if (next.length < kept.length) write(next);
    },
  };
}

function read(path: string, onFailure: (why: string) => void): readonly Kept[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const one = keptOf(line);
      if (one === undefined) onFailure(`${path}: a line is no alert: ${line.slice(0, 80)}`);
      return one ?? [];
    });
}

function keptOf(line: string): Kept | undefined {
  try {
    const { channel, alert } = JSON.parse(line) as { readonly channel?: unknown; readonly alert?: Partial<Record<keyof Alert, unknown>> };
    const { id, seq, at, severity, subject, text } = alert ?? {};
    const known = alertSeverities.find((one) => one === severity);
    if (typeof channel !== 'string' || typeof id !== 'string' || typeof seq !== 'number' || typeof at !== 'number') return undefined;
    if (known === undefined || typeof subject !== 'string' || typeof text !== 'string') return undefined;
    return { channel, alert: { id, seq, at: microsUnchecked(at), severity: known, subject, text } };
  } catch {
    return undefined;
  }
}
