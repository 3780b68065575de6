/** UTF-8 (RFC 3629) for rooms without TextEncoder. A lone surrogate is written as U+FFFD, as the web platform does. */
const REPLACEMENT = 0xfffd;

/** Number of bytes that `utf8Into` will write. */
export function utf8Length(text: string): number {
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x80) n += 1;
    else if (c < 0x800) n += 2;
    else if (isPair(text, i)) {
      n += 4;
      i += 1;
    } else n += 3;
  }
  return n;
}

/** Writes the text at `at` and returns the offset after it; room for `utf8Length(text)` is expected. */
export function utf8Into(bytes: Uint8Array, at: number, text: string): number {
  let p = at;
  for (let i = 0; i < text.length; i++) {
    let c = text.charCodeAt(i);
    if (c < 0x80) {
      bytes[p++] = c;
      continue;
    }
    if (c >= 0xd800 && c <= 0xdfff) {
      if (isPair(text, i)) {
        c = 0x10000 + ((c - 0xd800) << 10) + (text.charCodeAt(i + 1) - 0xdc00);
        i += 1;
      } else c = REPLACEMENT;
    }
    if (c < 0x800) bytes[p++] = 0xc0 | (c >> 6);
    else {
      if (c < 0x10000) bytes[p++] = 0xe0 | (c >> 12);
      else {
        bytes[p++] = 0xf0 | (c >> 18);
        bytes[p++] = 0x80 | ((c >> 12) & 63);
      }
      bytes[p++] = 0x80 | ((c >> 6) & 63);
    }
    bytes[p++] = 0x80 | (c & 63);
  }
  return p;
}

export function utf8Encode(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  utf8Into(bytes, 0, text);
  return bytes;
}

/** The text of bytes[from, to), or undefined where they are not well-formed (overlong, surrogate, beyond U+10FFFF, cut short). */
export function utf8Decode(bytes: Uint8Array, from = 0, to: number = bytes.length): string | undefined {
  let text = '';
  let run: number[] = [];
  let p = from;
  while (p < to) {
    const first = bytes[p++];
    const more =
      first < 0x80 ? 0 : first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : -1;
    if (more < 0 || p + more > to) return undefined;
    let c = more === 0 ? first : first & (0x3f >> more);
    for (let k = 0; k < more; k++) {
      const next = bytes[p++];
      if ((next & 0xc0) !== 0x80) return undefined;
      c = (c << 6) | (next & 63);
    }
    const malformed = (more === 2 && (c < 0x800 || (c >= 0xd800 && c <= 0xdfff))) || (more === 3 && (c < 0x10000 || c > 0x10ffff));
    if (malformed) return undefined;
    run.push(c);
    if (run.length === 1024) {
      text += String.fromCodePoint(...run);
      run = [];
    }
  }
  return text + String.fromCodePoint(...run);
}

function isPair(text: string, i: number): boolean {
  const c = text.charCodeAt(i);
  if (c < 0xd800 || c > 0xdbff || i + 1 >= text.length) return false;
  const d = text.charCodeAt(i + 1);
  return d >= 0xdc00 && d <= 0xdfff;
}
