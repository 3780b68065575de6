/** Exit codes of every command (rollout.md 7). */
export const exitCodes = { healthy: 0, aborted: 1, timeout: 2, waitsForPerson: 3, refused: 4, usage: 64 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A command that ends with one clear sentence and a code. */
export class Refusal extends Error {
  readonly exitCode: ExitCode;
  constructor(exitCode: ExitCode, sentence: string) {
    super(sentence);
    this.name = 'Refusal';
    this.exitCode = exitCode;
  }
}
