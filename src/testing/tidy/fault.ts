/** A broken rule, at a place, with a sentence that says what is allowed instead. */
export interface Fault {
  readonly path: string;
  /** From 1; 0 where the file as a whole is meant. */
  readonly line: number;
  readonly sentence: string;
}

export function faultText(fault: Fault): string {
  return `${fault.path}${fault.line > 0 ? `:${fault.line}` : ''}: ${fault.sentence}`;
}
