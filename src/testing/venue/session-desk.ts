import { prng } from '../../base/prng.ts';
import { micros } from '../../base/units.ts';
import type { VenueCapabilities } from '../../domain/venue.ts';
import { positionOf } from '../../core/positions/scopes.ts';
import { Gateway, type OrderEffect } from '../../runtime/gateway.ts';
import { reportOfNote } from '../../runtime/note-report.ts';
import type { VenueFaults } from '../../venues/simulated/faults.ts';
import { fixedLatency } from '../../venues/simulated/latency.ts';
import { askSide, bidSide } from '../../venues/simulated/matching-book.ts';
import { fullCapabilities, SimulatedVenue } from '../../venues/simulated/simulated-venue.ts';
import { openDesk, type RolloutDesk } from '../rollout/rollout-desk.ts';

/** The middle that the feed tells, ticks, and how often (microseconds). */
const middle = 10_000;
const breath = 400_000;
/** One way. */
const latency = 5_000;

/** A desk whose orders go through the real gateway to a simulated venue with a session that can be lost. */
export class SessionDesk {
  readonly desk: RolloutDesk = openDesk();
  readonly venue: SimulatedVenue;
  readonly gateway: Gateway;
  #read = 0;
  #makers = 0;

  constructor(can: Partial<VenueCapabilities>, faults?: VenueFaults) {
    const capabilities: VenueCapabilities = { ...fullCapabilities, ...can };
    Object.assign(this.desk.core.registry.venues[0].capabilities, capabilities);
    this.venue = new SimulatedVenue({
      venue: 0,
      prefix: 'SIM',
      simulated: false,
      listings: this.desk.core.registry.listings.map(({ ix, listing, moneyPerTickLot, currency }) => ({
        ix,
        listing,
        moneyPerTickLot,
        currency,
        fees: { makerRate: 0, takerRate: 0, feeUnit: 1 },
      })),
      capabilities,
      orderLatency: fixedLatency(latency),
      reportLatency: fixedLatency(latency),
      selfMatch: 'allow',
      luck: prng('session'),
      ...(faults === undefined ? {} : { faults }),
    });
    this.gateway = new Gateway({ term: 1, onNote: (note) => void this.desk.say(reportOfNote(note, micros(this.desk.at))) });
    this.gateway.connect(new Map([[0, this.venue]]), new Map([[0, this.venue]]));
    this.desk.say({ kind: 'reconcile', reason: 'start', venue: -1, every: 0 });
    this.advance(100_000);
  }

  get at(): ReturnType<typeof micros> {
    return micros(this.desk.at);
  }

  /** Others' lots in the book of listing 0. */
  rest(side: 'bid' | 'ask', price: number, qty: number): void {
    this.venue.engine(0).restForeign(-1 - this.#makers++, side === 'bid' ? bidSide : askSide, price, qty);
  }

  /** Time passes: effects go out and words come back at their times, and the feed is heard. */
  advance(by: number): void {
    const { desk, venue, gateway } = this;
    const until = desk.at + by;
    let heard = desk.at;
    for (;;) {
      this.#exchange();
      const next = Math.min(
        venue.nextEventAt() ?? Infinity,
        gateway.nextPumpAt() ?? Infinity,
        desk.core.nextDeadline() ?? Infinity,
        heard + breath,
      );
      if (next > until) break;
      desk.advance(Math.max(0, next - desk.at));
      if (desk.at < heard + breath) continue;
      heard = desk.at;
      desk.mark(0, middle);
      desk.mark(1, middle);
    }
    desk.advance(until - desk.at);
    this.#exchange();
  }

  #exchange(): void {
    const { desk, gateway, venue } = this;
    for (let before = -1; before !== desk.turns.length;) {
      before = desk.turns.length;
      while (this.#read < desk.turns.length)
        for (const effect of desk.turns[this.#read++].effects) if (isOrderEffect(effect)) gateway.submit(effect, this.at);
      gateway.pump(this.at);
      venue.advance(
        this.at,
        (report) => {
          gateway.onReport(report);
          desk.say(report);
        },
        (notice) => void desk.say(notice),
      );
    }
  }

  /** Lots of listing 0 of the account: in the ledger, and at the venue. */
  get positions(): { readonly ledger: number; readonly venue: number } {
    const held = this.venue.positionList().find(({ listing }) => listing === 0);
    return { ledger: positionOf(this.desk.core.ledger, 'account', 0, 0), venue: held?.position ?? 0 };
  }
}

const toGateway: ReadonlySet<string> = new Set<OrderEffect['kind']>([
  'send',
  'replace',
  'cancel',
  'query',
  'massCancel',
  'dropSession',
  'deadMan',
  'kill',
  'fence',
  'statement',
]);

function isOrderEffect(effect: { readonly kind: string }): effect is OrderEffect {
  return toGateway.has(effect.kind);
}
