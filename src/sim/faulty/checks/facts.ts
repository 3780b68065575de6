import type { Core } from '../../../core/core.ts';
import { leastPrice, moneyOfTick, venueOf } from '../stage.ts';
import { AccountFacts } from './accounts.ts';
import { BaselineFacts } from './baselines.ts';
import { BreakFacts } from './breaks.ts';
import { CapitalFacts } from './capital.ts';
import { CommandFacts } from './commands.ts';
import { FillFacts } from './fills.ts';
import { FreezeFacts } from './freezes.ts';
import { LivenessFacts } from './liveness.ts';
import { MeritFacts } from './merits.ts';
import { OrderFacts } from './orders.ts';
import { PaperOrders } from './paper-orders.ts';
import { ReactivationFacts } from './reactivations.ts';
import { ResultFacts } from './results.ts';
import { RollbackFacts } from './rollbacks.ts';
import { RowFacts } from './rows.ts';
import { SumFacts } from './sums.ts';
import { SwapFacts } from './swaps.ts';
import type { Count, Fold, Say, Turn } from './turn.ts';
import { VerdictFacts } from './verdicts.ts';

/** Every checker that reads turns, in the order in which they need each other. */
export class Facts implements Fold {
  readonly paper = new PaperOrders();
  readonly fills = new FillFacts();
  readonly orders = new OrderFacts();
  readonly rows = new RowFacts();
  readonly rollbacks = new RollbackFacts();
  readonly commands = new CommandFacts();
  readonly swaps = new SwapFacts(this.rows, this.fills, this.rollbacks);
  readonly breaks = new BreakFacts(this.rows);
  readonly reactivations = new ReactivationFacts(this.rows, this.rollbacks);
  readonly baselines = new BaselineFacts(this.rows);
  readonly capital: CapitalFacts;
  readonly accounts: AccountFacts;
  readonly results: ResultFacts;
  readonly merits: MeritFacts;
  readonly verdicts: VerdictFacts;
  readonly sums: SumFacts;
  readonly freezes: FreezeFacts;
  readonly liveness: LivenessFacts;

  constructor(count: Count) {
    this.capital = new CapitalFacts(count);
    this.accounts = new AccountFacts(this.orders, this.rows, venueOf, leastPrice, count);
    this.results = new ResultFacts(this.paper, moneyOfTick, venueOf.length, count);
    this.merits = new MeritFacts(this.results, count);
    this.verdicts = new VerdictFacts(this.paper, this.results, count);
    this.sums = new SumFacts(this.paper, moneyOfTick, venueOf.length, count);
    this.freezes = new FreezeFacts(count);
    this.liveness = new LivenessFacts(count);
  }

  take(turn: Turn, core: Core | undefined, say: Say): void {
    this.paper.take(turn);
    this.fills.take(turn, core, say);
    this.orders.take(turn, core, say);
    this.rows.take(turn, core, say);
    this.rollbacks.take(turn, core, say);
    this.commands.take(turn, core, say);
    this.swaps.take(turn, core, say);
    this.breaks.take(turn, core, say);
    this.reactivations.take(turn, core, say);
    this.baselines.take(turn, core, say);
    this.capital.take(turn, core, say);
    this.accounts.take(turn, core, say);
    this.results.take(turn, core, say);
    this.merits.take(turn, core, say);
    this.verdicts.take(turn, core, say);
    this.sums.take(turn, core, say);
    this.freezes.take(turn, core, say);
    this.liveness.take(turn, core, say);
  }
}
