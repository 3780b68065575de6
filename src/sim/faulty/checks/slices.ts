import type { Core } from '../../../core/core.ts';
import type { DeploymentSpec } from '../../../domain/spec.ts';
import { allAccounts, venueIDs, venueOf } from '../stage.ts';
import type { Fold, Turn } from './turn.ts';

interface SliceTerms {
  /** Units of 10^-6 USD: whole numbers below 2^53. */
  readonly total: number;
  readonly reserve: number;
}

/** What people have said of each slice, and whose slice each row is: a version's by the spec of its deployment, a custodian's by the core's word. */
export class SliceFacts implements Fold {
  readonly terms = new Map<string, SliceTerms>();
  readonly #sliceOf: string[] = [];
  readonly #algorithmOf = new Map<string, string>();
  /** By slice: its account at each venue. */
  readonly #accounts = new Map<string, readonly number[]>();

  /** Before the folds that ask it. */
  take({ input, decisions }: Turn, core: Core | undefined): void {
    if (core !== undefined) this.learn(core);
    for (const decision of decisions) {
      if (decision.kind === 'deploymentProposed') this.#proposed(decision.row, decision.spec);
      else if (decision.kind === 'commandAnswered' && decision.accepted && input.kind === 'command' && input.command.verb === 'setSlice') {
        const { sliceID, algorithmID, totalCapital, reserve } = input.command;
        this.terms.set(sliceID, { total: Number(totalCapital) * 1e6, reserve: Number(reserve) * 1e6 });
        this.#algorithmOf.set(sliceID, algorithmID);
      }
    }
  }

  /** Rows of custodians, which no record names. */
  learn({ gate }: Core): void {
    for (let row = this.#sliceOf.length; row < gate.rows.length; row++) this.#sliceOf[row] = gate.rows[row].sliceID;
  }

  /** '' = a row that nobody knows. */
  of(row: number): string {
    return this.#sliceOf[row] ?? '';
  }

  /** Algorithm of a row's slice. */
  algorithmOf(row: number): string {
    return this.#algorithmOf.get(this.of(row)) ?? '';
  }

  /** Account of a row at a listing's venue; -1 = its slice has deployed nothing yet. */
  accountAt(row: number, listing: number): number {
    return this.#accounts.get(this.of(row))?.[venueOf[listing]] ?? -1;
  }

  /** Slices that trade at an account. */
  at(account: number): readonly string[] {
    return [...this.#accounts].filter(([, accounts]) => accounts.includes(account)).map(([sliceID]) => sliceID);
  }

  #proposed(row: number, { sliceID, venues }: DeploymentSpec): void {
    this.#sliceOf[row] = sliceID;
    const accounts = venueIDs.map((venueID) => {
      const accountID = venues.find((one) => one.venueID === venueID)?.accountID ?? '';
      return allAccounts.findIndex((one) => one.accountID === accountID);
    });
    this.#accounts.set(sliceID, accounts);
  }
}
