import { baseQtyUnchecked } from '../../base/units.ts';
import type { PositionCompared } from '../../domain/decision.ts';
import type { InstrumentIx } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import { positionOf } from '../positions/scopes.ts';
import { breakIDOf, noMovements, type Difference, type WholeStatement } from './difference.ts';
import { afterCut, fillDifferences } from './fill-differences.ts';
import { orderDifferences, type Known } from './order-differences.ts';
import type { AskedAccount } from './reconciliation.ts';

export interface Found {
  readonly differences: readonly Difference[];
  readonly positions: readonly PositionCompared[];
}

/**
 * Everything in which the desk differs from a whole, sound statement. Changes nothing. What is booked here and happened behind the cut, and what is stated and
 * not booked here, is counted out of quantities and positions: a fill in flight is no difference of either.
 */
export function findDifferences(core: Core, asked: AskedAccount, statement: WholeStatement): Found {
  const after = afterCut(core, asked, statement);
  const unbooked = noMovements();
  const fills = fillDifferences(core, statement, unbooked);
  const known = { after, unbooked };
  const orders = orderDifferences(core, statement, known);
  const { differences, positions } = comparePositions(core, statement, known);
  return { differences: [...fills, ...orders, ...differences], positions };
}

/** Net base units of each instrument that is held on either side, as of the cut. */
function comparePositions(core: Core, { venue, account, positions }: WholeStatement, { after, unbooked }: Known) {
  const { listings, instruments, accounts } = core.registry;
  const stated = new Map<InstrumentIx, number>();
  for (const { listing, position } of positions) {
    const { instrument, baseUnitsPerLot } = listings[listing];
    stated.set(instrument, (stated.get(instrument) ?? 0) + position * baseUnitsPerLot);
  }
  const differences: Difference[] = [];
  const compared: PositionCompared[] = [];
  for (let instrument = 0; instrument < instruments.length; instrument++) {
    const booked = positionOf(core.ledger, 'account', account, instrument);
    const there = stated.get(instrument) ?? 0;
    const inFlight = (unbooked.byInstrument.get(instrument) ?? 0) - (after.byInstrument.get(instrument) ?? 0);
    if (booked === 0 && there === 0 && inFlight === 0) continue;
    const here = booked + inFlight;
    const equal = here === there;
    compared.push({
      kind: 'positionCompared',
      account,
      instrument,
      ledger: baseQtyUnchecked(here),
      venue: baseQtyUnchecked(there),
      equal,
    });
    if (equal) continue;
    const { instrumentID } = instruments[instrument];
    differences.push({
      breakID: breakIDOf(core, 'position', venue, account, instrumentID),
      class: 'position',
      listing: -1,
      clOrdID: 0,
      here,
      there,
      text: `position of ${accounts[account].account.accountID} in ${instrumentID}: ledger ${here}, venue ${there} base units`,
      sure: false,
    });
  }
  return { differences, positions: compared };
}
