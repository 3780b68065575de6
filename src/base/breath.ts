import type { ByteWriter } from './canonical.ts';

/** Called again and again by work that is long, so that whoever runs it can rest in between. It must not touch what is worked on. */
export type Breathe = () => void;

/** Calls between two breaths. */
const callsPerBreath = 256;

/** A writer that breathes. */
export function breathingWriter(writer: ByteWriter, breathe: Breathe): ByteWriter {
  let calls = 0;
  const count = (): void => {
    calls += 1;
    if (calls % callsPerBreath === 0) breathe();
  };
  return {
    ...writer,
    u8: (n) => {
      count();
      writer.u8(n);
    },
    safeInt: (n) => {
      count();
      writer.safeInt(n);
    },
    f64: (n) => {
      count();
      writer.f64(n);
    },
    str: (text) => {
      count();
      writer.str(text);
    },
  };
}
