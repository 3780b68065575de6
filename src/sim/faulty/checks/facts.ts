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
import { SliceFacts } from './slices.ts';
import { SumFacts } from './sums.ts';
import { SwapFacts } from './swaps.ts';
import type { Count, Fold, Say, Turn } from './turn.ts';
import { VerdictFacts } from './verdicts.ts';

/** Every checker that reads turns, in the order in which they need each other. */
export class Facts implements Fold {
  readonly paper = new PaperOrders();
  readonly slices = new SliceFacts();
  readonly orders = new OrderFacts();
  readonly fills = new FillFacts(this.orders);
  readonly rows = new RowFacts(this.slices);
  readonly rollbacks = new RollbackFacts(this.slices);
  readonly commands = new CommandFacts(this.slices);
  readonly swaps = new SwapFacts(this.slices, this.rows, this.fills, this.rollbacks);
  readonly breaks = new BreakFacts(this.rows);
  readonly reactivations = new ReactivationFacts(this.slices, this.rows, this.rollbacks);
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
    this.capital = new CapitalFacts(this.slices, count);
    this.accounts = new AccountFacts(this.slices, this.orders, this.rows, leastPrice, count);
    this.results = new ResultFacts(this.paper, moneyOfTick, venueOf.length, count);
    this.merits = new MeritFacts(this.results, count);
    this.verdicts = new VerdictFacts(this.paper, this.results, count);
    this.sums = new SumFacts(this.paper, moneyOfTick, venueOf.length, count);
    this.freezes = new FreezeFacts(count);
    this.liveness = new LivenessFacts(count);
  }

  /** Rows that are there before any record is folded anew. */
  learn(core: Core): void {
    this.slices.learn(core);
    this.rows.learn(core);
  }

  take(turn: Turn, core: Core | undefined, say: Say): void {
    this.paper.take(turn);
    this.slices.take(turn, core);
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
