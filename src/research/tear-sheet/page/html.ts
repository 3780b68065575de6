/** Markup that is safe to put into a page as it is. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | undefined | readonly Html[];

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign]);
}

/** Template whose values are escaped unless they are markup themselves; `undefined` is nothing. */
export function html(pieces: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let markup = pieces[0];
  for (let i = 0; i < parts.length; i++) markup += markupOf(parts[i]) + pieces[i + 1];
  return { markup };
}

/** Text that is markup by construction: style and script of the sheet itself, paths of numbers. */
export function verbatim(markup: string): Html {
  return { markup };
}

function markupOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeText(String(part));
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
}

/** JSON that cannot end the script element that holds it. */
export function jsonBlock(value: unknown): Html {
  return { markup: JSON.stringify(value).replace(/</g, '\\u003c') };
}

/** A figure with its full-precision value behind the rounded text; `undefined` has the text alone. */
export function figure(name: string, value: number | string | undefined, text: string): Html {
  return value === undefined
    ? html`<span data-figure="${name}">${text}</span>`
    : html`<data data-figure="${name}" value="${value}">${text}</data>`;
}
