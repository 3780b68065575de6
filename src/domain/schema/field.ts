import type { MoneyField } from '../decision.ts';

/**
 * Words of the schema table. Fixed fields lie in the block of a record, little-endian, in the order of the table and without gaps (SBE 1.0 rules);
 * `str` and `json` are variable-length data behind the block: u32 length, then UTF-8.
 */
export type NumberType = 'u32' | 'i32' | 'i64' | 'f64';

export interface NumberField {
  readonly type: NumberType;
}

/** u8, 0 or 1. */
export interface BoolField {
  readonly type: 'bool';
}

/** u8: place in `values`. New words are added at the end, none is ever removed. */
export interface EnumField<V extends string> {
  readonly type: 'enum';
  readonly values: readonly V[];
  /** Never set; makes a list that lacks a word of V a type error. */
  readonly covers?: (word: V) => void;
}

/** i64 high part, i64 low part of a split integer. */
export interface SplitField {
  readonly type: 'split';
}

export interface StrField {
  readonly type: 'str';
}

/** Canonical JSON (RFC 8785). */
export interface JsonField {
  readonly type: 'json';
}

/** A nested object: its fixed fields in the block at this place, its variable-length ones behind those before it. */
export interface GroupField<T> {
  readonly type: 'group';
  readonly fields: Fields<T>;
}

export type Field =
  | NumberField
  | BoolField
  | { readonly type: 'enum'; readonly values: readonly string[] }
  | SplitField
  | StrField
  | JsonField
  | { readonly type: 'group'; readonly fields: FieldList };

/** What a table holds when the types of its kinds are forgotten. */
export type FieldList = Readonly<Record<string, Field>>;

/** The fields that a member of type T may have. */
export type FieldOf<T> = [T] extends [number]
  ? NumberField
  : [T] extends [boolean]
    ? BoolField
    : [T] extends [string]
      ? string extends T
        ? StrField
        : EnumField<T>
      : [T] extends [MoneyField]
        ? SplitField
        : JsonField | GroupField<T>;

/** Every member but the discriminant, in the order in which the encoding has them. */
export type Fields<T> = { readonly [K in Exclude<keyof T, 'kind'>]-?: FieldOf<T[K]> };

type IsUnion<T, U = T> = T extends unknown ? ([U] extends [T] ? false : true) : never;

/**
 * One kind of record. `id` is never given to another kind; `version` grows with every change of the fields. A kind that is itself a union of shapes
 * is one `json` value without its discriminant.
 */
export type Message<T> = { readonly id: number; readonly version: number } & (IsUnion<T> extends true
  ? { readonly whole: JsonField }
  : { readonly fields: Fields<T> });

/** Most words of an enumeration: its place is a u8. */
export const maxWords = 256;

export const u32: NumberField = { type: 'u32' };
export const i32: NumberField = { type: 'i32' };
export const i64: NumberField = { type: 'i64' };
export const f64: NumberField = { type: 'f64' };
export const bool: BoolField = { type: 'bool' };
export const split: SplitField = { type: 'split' };
export const str: StrField = { type: 'str' };
export const json: JsonField = { type: 'json' };

export function words<const A extends readonly string[]>(values: A): EnumField<A[number]> {
  return { type: 'enum', values };
}

export function group<T>(fields: Fields<T>): GroupField<T> {
  return { type: 'group', fields };
}
