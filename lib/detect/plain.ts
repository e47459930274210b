/**
 * A text without what people put into it to hide things: zero-width characters are taken out; the dashes,
 * spaces and full-width forms of Unicode become their ASCII sisters. `origin[i]` is the offset in the written
 * text of character `i`; null when no character was taken out.
 */
interface Plain {
  text: string;
  origin: Uint32Array | null;
}

const INVISIBLE = /[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/;
const DASH = /[\u2010-\u2015\u2043\u2212\ufe58\ufe63]/g;
const SPACE = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const ODD =
  /[\u00a0\u00ad\u1680\u180e\u2000-\u2015\u202a-\u202f\u2043\u205f-\u2069\u2212\u3000\ufe58\ufe63\ufeff\uff01-\uff5e]/;

export function toPlain(written: string): Plain {
  if (!ODD.test(written)) return { text: written, origin: null };
  const text = written
    .replace(DASH, "-")
    .replace(SPACE, " ")
    .replace(FULL_WIDTH, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  return INVISIBLE.test(text) ? withoutInvisible(text) : { text, origin: null };
}

function withoutInvisible(text: string): Plain {
  const origin = new Uint32Array(text.length);
  const codes = new Uint16Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0xad && INVISIBLE.test(text.charAt(i))) continue;
    codes[length] = code;
    origin[length++] = i;
  }
  return {
    text: new TextDecoder("utf-16le").decode(codes.subarray(0, length)),
    origin: origin.subarray(0, length),
  };
}

/** The offsets in the written text of a place [start, end) of the plain text; `end` must be over `start`. */
export function writtenOffsets(plain: Plain, start: number, end: number): { start: number; end: number } {
  const { origin } = plain;
  if (origin === null) return { start, end };
  return { start: origin[start] ?? 0, end: (origin[end - 1] ?? 0) + 1 };
}
