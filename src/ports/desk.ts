/** What a desk answers to the outside: a body, a refusal with its code, or nothing in time. */
export type DeskReply =
  | { readonly kind: 'done'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly code: string; readonly text: string }
  | { readonly kind: 'unknown'; readonly text: string }
  | { readonly kind: 'late' };

/** What a spec may leave out and the request gives. */
export interface GivenInRequest {
  readonly algorithm?: string;
  readonly version?: string;
  readonly capital?: string;
}

/** A running desk as its interfaces see it. */
export interface Desk {
  deploy(spec: object, given: GivenInRequest): Promise<DeskReply>;
  deployments(): Promise<DeskReply>;
  deployment(id: string): Promise<DeskReply>;
  explain(id: string): Promise<DeskReply>;
  events(id: string): Promise<DeskReply>;
  /** Works while the desk's core does not answer. */
  kill(reason: string): Promise<DeskReply>;
  /** Prometheus text; what the core knows is missing while it does not answer. */
  metrics(): Promise<string>;
}
