import type { DenialCode } from '../../domain/denial.ts';
import type { OrderTerms } from '../../domain/order.ts';
import type { RiskDesk } from '../scenarios/risk-desk.ts';
import type { AskedOrder, OrderBooks } from './order-facts.ts';

/** 2^45: prices end there (denials.md, PRICE_NOT_POSITIVE). */
const mostTicks = 2 ** 45;

const isPrice = (ticks: number): boolean => Number.isInteger(ticks) && ticks > 0 && ticks <= mostTicks;

/** Every form error that an order has, by the table "Form" of docs/reference/denials.md. */
export function formFaults(desk: RiskDesk, books: OrderBooks, asked: AskedOrder): readonly DenialCode[] {
  const { order, row, account, replaces } = asked;
  const { registry, risk } = desk;
  const listing = Number.isInteger(order.listing) ? registry.listings[order.listing] : undefined;
  const due: DenialCode[] = [];
  if (order.reason.length > 64 || order.compliance.length > 512) due.push('TEXT_TOO_LONG');
  if (listing === undefined) return [...due, 'UNKNOWN_LISTING'];
  const { capabilities } = registry.venues[listing.venue];
  const gateRow = risk.gate.rows[row];
  if ((!gateRow.custodian && gateRow.universe[order.listing] !== 1) || account < 0) due.push('LISTING_NOT_IN_UNIVERSE');
  const { minQty = 1, maxQty = Infinity } = listing.listing;
  if (!Number.isSafeInteger(order.orderQty) || order.orderQty <= 0) due.push('ORDER_QTY_NOT_POSITIVE');
  else if (order.orderQty < minQty || order.orderQty > maxQty || isBeyondMoney(desk, asked)) due.push('ORDER_QTY_OUTSIDE_VENUE_RANGE');
  if (!capabilities.ordTypes.includes(order.ordType)) due.push('ORD_TYPE_NOT_SUPPORTED');
  if (!capabilities.timesInForce.includes(order.timeInForce)) due.push('TIME_IN_FORCE_NOT_SUPPORTED');
  if (order.postOnly && !capabilities.postOnly) due.push('POST_ONLY_NOT_SUPPORTED');
  if (order.reduceOnly && !capabilities.reduceOnly) due.push('REDUCE_ONLY_NOT_SUPPORTED');
  due.push(...priceFaults(desk, asked));
  if (contradicts(order, asked.at)) due.push('TERMS_CONTRADICT');
  if (replaces !== null) {
    if (capabilities.replace === 'none') due.push('REPLACE_NOT_SUPPORTED');
    if (replaces.ordStatus === 'pendingReplace') due.push('REPLACE_PENDING');
    else if (replaces.ordStatus !== 'new' && replaces.ordStatus !== 'partiallyFilled') due.push('TARGET_NOT_WORKING');
    const same = replaces.side === order.side && replaces.listing === order.listing && replaces.ordType === order.ordType;
    // nothing goes from the simulator to a venue, or back
    if (!same || replaces.simulated !== asked.simulated || order.orderQty <= replaces.cumQty) due.push('TERMS_CONTRADICT');
  }
  const { slots, capacities } = risk.exposure;
  if (slots.capacity - desk.orders.size < 3 || books.routes >= capacities.routes) due.push('ORDER_CAPACITY_REACHED');
  return due;
}

/** More base units or money than sums can hold: 2^40 of the one, 2^83 of the other at the highest price in sight. */
function isBeyondMoney({ registry, marks }: RiskDesk, { order }: AskedOrder): boolean {
  const { ix, baseUnitsPerLot, moneyPerTickLot } = registry.listings[order.listing];
  const prices = [order.price, order.stopPx + order.trailOffset, marks.bid[ix], marks.ask[ix], marks.last[ix], 1].filter(Number.isFinite);
  const highest = Math.max(...prices);
  return order.orderQty * baseUnitsPerLot > 2 ** 40 || order.orderQty * highest * moneyPerTickLot >= 2 ** 83;
}

function priceFaults({ registry }: RiskDesk, { order, at }: AskedOrder): readonly DenialCode[] {
  const { ordType, price, stopPx, targetPx, trailOffset } = order;
  const due: DenialCode[] = [];
  const needsPrice = ordType === 'limit' || ordType === 'stopLimit';
  if ((needsPrice || price !== 0) && !isPrice(price)) due.push('PRICE_NOT_POSITIVE');
  if (ordType === 'bracket' && !isPrice(targetPx)) due.push('PRICE_NOT_POSITIVE');
  if ((ordType === 'stop' || ordType === 'stopLimit' || ordType === 'bracket') && !isPrice(stopPx)) due.push('STOP_PRICE_MISSING');
  if (ordType === 'trailingStop' && !isPrice(trailOffset)) due.push('STOP_PRICE_MISSING');
  const bands = registry.listings[order.listing].listing.tickTable.filter(({ fromDate = -Infinity }) => fromDate <= at);
  for (const px of [price, stopPx, targetPx]) {
    const [band] = bands.filter(({ fromPrice }) => fromPrice <= px).sort((a, b) => b.fromPrice - a.fromPrice);
    if (px !== 0 && band !== undefined && px % band.step !== 0) due.push('PRICE_NOT_ON_TICK');
  }
  return due;
}

/** Terms that cannot stand together (denials.md, TERMS_CONTRADICT). */
function contradicts(order: OrderTerms, at: number): boolean {
  const { ordType, timeInForce, price, stopPx, targetPx, trailOffset, postOnly, reduceOnly } = order;
  const atOnce = timeInForce === 'ioc' || timeInForce === 'fok';
  const may = { limit: ['price'], market: [], stop: ['stopPx'], stopLimit: ['price', 'stopPx'], trailingStop: ['trailOffset'] } as const;
  const given = Object.entries({ price, stopPx, targetPx, trailOffset }).flatMap(([name, px]) => (px === 0 ? [] : [name]));
  if (timeInForce === 'gtd' ? order.expireTime <= at : order.expireTime !== 0) return true;
  if (postOnly && (atOnce || ordType === 'market' || ordType === 'stop' || ordType === 'stopLimit' || ordType === 'trailingStop'))
    return true;
  if (postOnly && price === 0) return true;
  if (ordType !== 'bracket') return given.some((name) => !(may[ordType] as readonly string[]).includes(name));
  if (atOnce || reduceOnly || trailOffset !== 0) return true;
  const rising = order.side === 'buy' ? [stopPx, price, targetPx] : [targetPx, price, stopPx];
  const [low, entry, high] = rising;
  return !(low < high && (price === 0 || (low < entry && entry < high)));
}
