import { cpus, totalmem } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** MiB of the whole machine. */
  readonly memory: number;
  readonly node: string;
}

export function machine(): Machine {
  return { cpu: cpus()[0].model.trim(), cores: cpus().length, memory: Math.round(totalmem() / 1_048_576), node: process.version };
}
