import { err, ok, type Result } from '../base/result.ts';
import { utf8Decode, utf8Encode } from '../base/utf8.ts';

/** State for a hand-over as JSON bytes under a schema name such as `mean-reversion/1`. */
export function stateBytes(schema: string, state: object): { readonly schema: string; readonly bytes: Uint8Array } {
  return { schema, bytes: utf8Encode(JSON.stringify(state)) };
}

/** The value in the bytes when they are JSON under the schema that is understood; `take` may throw RangeError or TypeError on what it cannot use. */
export function takeState<T>(
  understood: string | readonly string[],
  fromSchema: string,
  bytes: Uint8Array,
  take: (state: unknown) => T,
): Result<T, string> {
  const schemas = typeof understood === 'string' ? [understood] : understood;
  if (!schemas.includes(fromSchema)) return err(`expected state of schema ${schemas.join(' or ')}, was ${fromSchema}`);
  const text = utf8Decode(bytes);
  if (text === undefined) return err(`expected state of schema ${fromSchema} as UTF-8`);
  try {
    return ok(take(JSON.parse(text)));
  } catch (error) {
    return err(`state of schema ${fromSchema}: ${error instanceof Error ? error.message : 'is not usable'}`);
  }
}
