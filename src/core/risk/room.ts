import { toNumber } from '../../base/split.ts';
import type { CheckContext } from './check-context.ts';
import { cellStride } from './exposure.ts';
import { concentrationLimit, creditLimit, dailyLossLimit, openPositionsLimit, positionLimit } from './limits.ts';
import { factStride, instrumentFact } from './listing-facts.ts';
import { bpsOne } from './reference.ts';
import type { Risk } from './risk.ts';
import { dayResult, heldInstruments, madeResult, moneyEstimate, noLimit } from './scope-table.ts';
import {
  accountScope,
  algorithmScope,
  firmScope,
  instrumentScope,
  ownScopes,
  scopeKinds,
  sectorScope,
  venueScope,
  versionScope,
} from './scopes.ts';
import { sectorEstimate } from './sector-value.ts';
import {
  capitalRoom,
  creditRoom,
  heldRoom,
  lossRoom,
  measuredAt,
  owedMoved,
  positionRoom,
  priceRoom,
  resultsMoved,
  rises,
  sectorRoom,
  slackStride,
} from './slack.ts';

// constants of its own file V8 knows, imported ones it fetches and tests at every use (docs/decisions/0010)
const apart = slackStride;
const factsApart = factStride;
const instrumentAt = instrumentFact;
const versionAt = measuredAt;
const positionAt = positionRoom;
const lossAt = lossRoom;
const creditAt = creditRoom;
const heldAt = heldRoom;
const priceAt = priceRoom;
const sectorAt = sectorRoom;
const capitalAt = capitalRoom;
const results = resultsMoved;
const owed = owedMoved;
const risesAt = rises;

/**
 * Whether the order surely is within every limit on position, open positions, concentration, daily loss and credit, told by what has happened since its route was
 * measured. Each of these sums bounds what its checks compare, so that what passes here passes there too.
 */
export function isWithinRoom(risk: Risk, c: CheckContext): boolean {
  const { slack, gate } = risk;
  const { rows, used } = slack;
  const at = c.route * apart;
  if (rows[at + versionAt] !== risk.limits.table.version || c.asker.simulated) return false;
  const instrument = risk.listingFacts.numbers[c.order.listing * factsApart + instrumentAt];
  const { total } = gate.slices[gate.rows[c.asker.row].slice];
  return (
    slack.spent[instrument] + c.leavesBase <= rows[at + positionAt] &&
    used[results] <= rows[at + lossAt] &&
    used[owed] + (c.leaves * c.lotMoney + 1) * risk.microPerUnit + 1 <= rows[at + creditAt] &&
    used[risesAt] < rows[at + heldAt] &&
    c.refTwice > 0 &&
    c.refTwice <= rows[at + priceAt] &&
    slack.traded[risk.sectorOf[instrument]] <= rows[at + sectorAt] &&
    total.hi >= rows[at + capitalAt]
  );
}

/** Wider than any error of the doubles that a limit is compared by (`estimate.ts`). */
const margin = 4e-9;
/** How much dearer the listing may become before it is measured anew. */
const dearer = 1.1;

/** Measures the route of an order that was looked at closely: everything is settled, its scopes and their places are in the context. */
export function measureRoom(risk: Risk, c: CheckContext): void {
  const { slack, limits } = risk;
  const { rows, used, spent, traded } = slack;
  const at = c.route * apart;
  const { instrument } = risk.exposure.routes[c.route];
  const sector = risk.sectorOf[instrument];
  const shares = measureShares(risk, c);
  slack.measurements += 1;
  rows[at + versionAt] = limits.table.version;
  const units = Math.min(measurePosition(risk, c), shares.units);
  // past 2^53 the sum would be rounded, perhaps up
  rows[at + positionAt] = units === noLimit ? units : Math.min(spent[instrument] + units, Number.MAX_SAFE_INTEGER);
  rows[at + lossAt] = used[results] + measureLoss(risk, c);
  rows[at + creditAt] = used[owed] + measureCredit(risk, c);
  rows[at + heldAt] = used[risesAt] + measureHeld(risk, c);
  rows[at + priceAt] = shares.price;
  rows[at + sectorAt] = traded[sector] + shares.sector;
  rows[at + capitalAt] = risk.gate.slices[risk.gate.rows[c.asker.row].slice].total.hi;
}

/** Base units of the side that is further, open orders included, in the cell that a scope looks at. */
function reachOf(risk: Risk, c: CheckContext, scope: number): number {
  const { cells, routes } = risk.exposure;
  const at = routes[c.route].cells[scope < ownScopes ? scope : firmScope] * cellStride;
  return Math.max(cells[at] + cells[at + 1], cells[at + 2] - cells[at], 0);
}

function measurePosition(risk: Risk, c: CheckContext): number {
  let room = noLimit;
  for (let scope = 0; scope < scopeKinds; scope++)
    room = Math.min(room, risk.limits.table.numbers[c.placeOf[scope] + positionLimit] - reachOf(risk, c, scope));
  return room;
}

function measureHeld(risk: Risk, c: CheckContext): number {
  const { numbers } = risk.limits.table;
  let room = noLimit;
  for (let scope = 0; scope < scopeKinds; scope++) {
    const place = c.placeOf[scope];
    if (scope !== instrumentScope) room = Math.min(room, numbers[place + openPositionsLimit] - numbers[place + heldInstruments]);
  }
  return room;
}

function measureLoss(risk: Risk, c: CheckContext): number {
  const { numbers } = risk.limits.table;
  let room = noLimit;
  for (let scope = 0; scope < scopeKinds; scope++) {
    const place = c.placeOf[scope];
    const day = moneyEstimate(numbers, place + dayResult) * risk.microPerUnit;
    room = Math.min(room, numbers[place + dailyLossLimit] + day - margin * Math.abs(day) - 2);
  }
  return Math.floor(room);
}

const creditScopes = [accountScope, venueScope, firmScope];
const splitBase = 281_474_976_710_656;

function measureCredit(risk: Risk, c: CheckContext): number {
  const { marginUse, microPerUnit, limits } = risk;
  if (!marginUse.active) return noLimit;
  if (c.listing?.currency !== risk.firmCurrency) return -1;
  const { numbers } = limits.table;
  let room = noLimit;
  for (const scope of creditScopes) {
    const place = c.placeOf[scope];
    const limit = numbers[place + creditLimit];
    if (limit === noLimit) continue;
    const ix = c.scopeIx[scope];
    const column = marginUse.margin[scope];
    const used = (column.hi[ix] * splitBase + column.lo[ix]) * microPerUnit;
    const made = moneyEstimate(numbers, place + madeResult) * microPerUnit;
    const cash = marginUse.cash[scope][ix];
    const error = margin * (limit + Math.abs(cash) + Math.abs(made) + used) + 16 * (1 + microPerUnit);
    room = Math.min(room, limit + cash + made - used - error);
  }
  return Math.floor(room / risk.slack.mostMargin);
}

interface Shares {
  units: number;
  price: number;
  sector: number;
}

const shares: Shares = { units: noLimit, price: noLimit, sector: noLimit };

/** Base units, price and sector's value up to which no share of capital is passed; half of a sector's room is kept for its other instruments. */
function measureShares(risk: Risk, c: CheckContext): Shares {
  const { limits, gate } = risk;
  shares.units = noLimit;
  shares.price = noLimit;
  shares.sector = noLimit;
  const { listing } = c;
  if (limits.active[concentrationLimit] === 0 || listing === undefined) return shares;
  const slice = gate.slices[gate.rows[c.asker.row].slice];
  const plain = slice.currency === listing.currency;
  const ofSlice = plain ? (slice.total.hi * splitBase) / bpsOne : 0;
  const ofFirm = plain && slice.currency === risk.firmCurrency ? toNumber(risk.firmCapital) / bpsOne : 0;
  shares.price = c.refTwice * dearer;
  const unitMoney = (shares.price * listing.moneyPerTickLot) / (2 * listing.baseUnitsPerLot);
  for (let scope = 0; scope < scopeKinds; scope++) {
    const limit = limits.table.numbers[c.placeOf[scope] + concentrationLimit];
    if (limit === noLimit) continue;
    const most = (scope === versionScope || scope === algorithmScope ? ofSlice : ofFirm) * limit * (1 - margin);
    const own = reachOf(risk, c, scope) * unitMoney;
    if (scope === sectorScope) {
      const room = (most - own - sectorEstimate(risk, c.scopeIx[scope])) / 2;
      shares.sector = Math.floor(room * risk.microPerUnit) - 1;
      shares.units = Math.min(shares.units, Math.floor(room / unitMoney) - 1);
    } else {
      shares.units = Math.min(shares.units, Math.floor((most - own) / unitMoney) - 1);
    }
  }
  return shares;
}
