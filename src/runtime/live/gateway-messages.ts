import { carriedOrder } from '../../core/risk/checked.ts';
import { byteTarget } from '../../domain/schema/byte-target.ts';
import { inputCodec } from '../../domain/schema/codec.ts';
import { decoderOf } from '../../domain/schema/decode.ts';
import { encoderOf, type Members } from '../../domain/schema/encode.ts';
import { bool, i32, i64, u32, words, type FieldList } from '../../domain/schema/field.ts';
import { orderFields } from '../../domain/schema/order-fields.ts';
import { parseJson, putJson, textAt, textBytesAt, type Payload } from '../../domain/schema/wire.ts';
import { killHolds, type KillEffect } from '../../domain/effect.ts';
import type { Order } from '../../domain/order.ts';
import type { Report } from '../../domain/report.ts';
import type { Reconcile, VenueStatement } from '../../domain/statement.ts';
import type { OrderEffect } from '../gateway.ts';
import type { RestoredOrder } from '../restored-order.ts';
import type { RingWriter } from '../rings/ring.ts';

/** Types of messages between core and gateway; market data has the types of `hosts/messages.ts`. */
export const gatewayTypes = {
  send: 40,
  replace: 41,
  cancel: 42,
  query: 43,
  massCancel: 44,
  kill: 45,
  fence: 46,
  begin: 47,
  collect: 48,
  dropSession: 49,
  deadMan: 51,
  statementAsked: 52,
  restored: 53,
  report: 50,
  statement: 54,
  reconcile: 55,
} as const;

/** When the tick that an order answers was received and when its strategy had decided (shared clock, microseconds); 0 = not known. */
export interface Stamps {
  readonly tick: number;
  readonly decided: number;
}

/** A kill or its release on the way to the gateway, with the generation of the kill word that the core knows of. */
export type WordedKill = KillEffect & { readonly word: number };

const noStamps: Stamps = { tick: 0, decided: 0 };
const head = 16;
/** A whole page of a statement is far from it, and it is a quarter of a desk's ring. */
const scratch = byteTarget(4_096, 1 << 20, 'message to or from the gateway');

const encodeOrder = encoderOf(orderFields);
const decodeOrder = decoderOf('order', orderFields);
const plain = (fields: FieldList): { encode: ReturnType<typeof encoderOf>; decode: ReturnType<typeof decoderOf> } => ({
  encode: encoderOf(fields),
  decode: decoderOf('', fields),
});
const cancel = plain({ clOrdID: i64, target: i64, venue: i32, listing: i32, row: i32, simulated: bool, term: u32 });
const query = plain({ clOrdID: i64, venue: i32, simulated: bool });
const massCancel = plain({ venue: i32 });
const kill = plain({ engaged: bool, reducing: bool, hold: words(killHolds), ix: i32, generation: u32, word: u32 });
const fence = plain({ row: i32, epoch: u32 });
const statementAsked = plain({ ask: u32, since: i64, venue: i32, account: i32 });
const restored = plain({ clOrdID: i64, venue: i32, account: i32, listing: i32, row: i32, simulated: bool });
const noticeCodecs = {
  venueStatement: inputCodec({ kind: 'venueStatement' } as VenueStatement),
  reconcile: inputCodec({ kind: 'reconcile' } as Reconcile),
};
const reportCodec = inputCodec({ kind: 'report' } as Report);

function write(writer: RingWriter, type: number, end: number): boolean {
  const at = writer.claim(end);
  if (at < 0) return false;
  writer.bytes.set(scratch.bytes.subarray(0, end), at);
  writer.commit(type, at + end);
  return true;
}

/** @returns false: the ring is full. */
export function sendEffect(writer: RingWriter, effect: OrderEffect, stamps: Stamps = noStamps): boolean {
  const members = effect as unknown as Members;
  switch (effect.kind) {
    case 'send':
    case 'replace': {
      scratch.reserve(head + 8);
      scratch.view.setFloat64(0, stamps.tick, true);
      scratch.view.setFloat64(8, stamps.decided, true);
      scratch.view.setInt32(16, effect.venue, true);
      scratch.view.setInt32(20, effect.reducing ? 1 : 0, true);
      return write(writer, gatewayTypes[effect.kind], encodeOrder(scratch, head + 8, { ...effect.order }));
    }
    case 'cancel':
      return write(writer, gatewayTypes.cancel, cancel.encode(scratch, 0, { term: 0, ...members }));
    case 'query':
      return write(writer, gatewayTypes.query, query.encode(scratch, 0, members));
    case 'massCancel':
    case 'dropSession':
    case 'deadMan':
      return write(writer, gatewayTypes[effect.kind], massCancel.encode(scratch, 0, members));
    case 'kill':
      return write(writer, gatewayTypes.kill, kill.encode(scratch, 0, { word: 0, ...effect } satisfies WordedKill));
    case 'fence':
      return write(writer, gatewayTypes.fence, fence.encode(scratch, 0, members));
    case 'statement':
      return write(writer, gatewayTypes.statementAsked, statementAsked.encode(scratch, 0, members));
  }
}

/** An effect as the core let it leave: the core is the only writer of this ring, and it is handed checked orders only. */
export function readEffect(type: number, from: Payload, at: number): { readonly effect: OrderEffect; readonly stamps: Stamps } {
  switch (type) {
    case gatewayTypes.send:
    case gatewayTypes.replace: {
      const { kind: _kind, ...members } = decodeOrder(from, at + head + 8);
      const order = carriedOrder(members as unknown as Order);
      const { view } = from;
      const effect = {
        kind: type === gatewayTypes.send ? ('send' as const) : ('replace' as const),
        reducing: view.getInt32(at + 20, true) === 1,
        venue: view.getInt32(at + 16, true),
        order,
      };
      return { effect, stamps: { tick: view.getFloat64(at, true), decided: view.getFloat64(at + 8, true) } };
    }
    case gatewayTypes.cancel:
      return plainEffect('cancel', cancel.decode(from, at));
    case gatewayTypes.query:
      return plainEffect('query', query.decode(from, at));
    case gatewayTypes.massCancel:
      return plainEffect('massCancel', massCancel.decode(from, at));
    case gatewayTypes.dropSession:
      return plainEffect('dropSession', massCancel.decode(from, at));
    case gatewayTypes.deadMan:
      return plainEffect('deadMan', massCancel.decode(from, at));
    case gatewayTypes.kill:
      return plainEffect('kill', kill.decode(from, at));
    case gatewayTypes.fence:
      return plainEffect('fence', fence.decode(from, at));
    case gatewayTypes.statementAsked:
      return plainEffect('statement', { ...statementAsked.decode(from, at), reducing: false });
    default:
      throw new Error(`message to the gateway: expected an effect, was type ${type}`);
  }
}

function plainEffect(kind: OrderEffect['kind'], members: Members): { readonly effect: OrderEffect; readonly stamps: Stamps } {
  return { effect: { reducing: true, ...members, kind } as unknown as OrderEffect, stamps: noStamps };
}

/** The core's first word: which term it trades in, and what its simulated venue held when it died with the desk before. */
export interface GatewayBegin {
  readonly term: number;
  /** UTC at zero of the shared clock as the core has it, microseconds. */
  readonly wallOffset: number;
  readonly positions: readonly { readonly account: number; readonly listing: number; readonly position: number }[];
}

export function sendBegin(writer: RingWriter, begin: GatewayBegin): boolean {
  return write(writer, gatewayTypes.begin, putJson(scratch, 0, begin));
}

export function readBegin(from: Payload, at: number): GatewayBegin {
  const bytes = textBytesAt(from, at, 'begin');
  return parseJson(textAt(from, at, bytes, 'begin'), 'begin') as GatewayBegin;
}

/** Asks the gateway to collect its garbage: before memory is measured. */
export function sendCollect(writer: RingWriter): boolean {
  return write(writer, gatewayTypes.collect, 0);
}

export function sendReport(writer: RingWriter, report: Report): boolean {
  return write(writer, gatewayTypes.report, reportCodec.encode(scratch, 0, report as unknown as Members));
}

export function readReport(from: Payload, at: number): Report {
  return reportCodec.decode(from, at) as unknown as Report;
}

/** @returns false: the ring is full. */
export function sendNotice(writer: RingWriter, notice: VenueStatement | Reconcile): boolean {
  const type = notice.kind === 'venueStatement' ? gatewayTypes.statement : gatewayTypes.reconcile;
  return write(writer, type, noticeCodecs[notice.kind].encode(scratch, 0, notice as unknown as Members));
}

/** What a venue said; undefined = the message is none of a venue's. */
export function readWord(type: number, from: Payload, at: number): Report | VenueStatement | Reconcile | undefined {
  switch (type) {
    case gatewayTypes.report:
      return readReport(from, at);
    case gatewayTypes.statement:
      return noticeCodecs.venueStatement.decode(from, at) as unknown as VenueStatement;
    case gatewayTypes.reconcile:
      return noticeCodecs.reconcile.decode(from, at) as unknown as Reconcile;
    default:
      return undefined;
  }
}

/** An order that the core recovered, for the gateway's own table; before the first effect. @returns false: the ring is full. */
export function sendRestored(writer: RingWriter, order: RestoredOrder): boolean {
  return write(writer, gatewayTypes.restored, restored.encode(scratch, 0, order as unknown as Members));
}

export function readRestored(from: Payload, at: number): RestoredOrder {
  return restored.decode(from, at) as unknown as RestoredOrder;
}
