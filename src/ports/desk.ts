import type { Actor } from '../domain/actor.ts';

/** What a desk answers to the outside: a body, something that waits for a second person, a refusal with its code, or nothing in time. */
export type DeskReply =
  | { readonly kind: 'done'; readonly body: unknown }
  | { readonly kind: 'waits'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly code: string; readonly text: string }
  | { readonly kind: 'unknown'; readonly text: string }
  | { readonly kind: 'late' };

/** What a spec may leave out and the request gives. */
export interface GivenInRequest {
  readonly algorithm?: string;
  readonly version?: string;
  readonly capital?: string;
  readonly slice?: string;
}

/** Who asks, and what every mutation carries. */
export interface Asking {
  readonly actor: Actor;
  readonly key?: string;
  readonly expectedRevision?: number;
}

/** How a request names its person. */
export interface Credentials {
  readonly token: string;
  /** One of the people of a desk that is a demonstration. */
  readonly as: string | undefined;
  readonly verb: string;
}

/** Whose request it is: a person; the desk's own token, which may look and kill; or nobody, with the reason. */
export type Identity =
  | { readonly kind: 'person'; readonly actor: Actor }
  | { readonly kind: 'desk' }
  | { readonly kind: 'nobody'; readonly code: 'UNAUTHORIZED' | 'PERSON_REQUIRED'; readonly text: string };

/** A running desk as its interfaces see it. */
export interface Desk {
  identify(credentials: Credentials): Identity;
  deploy(spec: object, given: GivenInRequest, asking: Asking): Promise<DeskReply>;
  /** Looks at something: `get`, `explain`, `events`, `verdicts`, `versions`, `proposals`; `id` '' = all of it. */
  look(what: string, id: string): Promise<DeskReply>;
  /** Says one of the verbs, with the fields that it takes. */
  say(verb: string, fields: Readonly<Record<string, unknown>>, asking: Asking): Promise<DeskReply>;
  /** What a spec allows, without a desk doing anything. */
  lint(spec: object, given: GivenInRequest): DeskReply;
  /** Runs a spec on the synthetic exchange, without people, on a thread of its own. `seed` repeats a run. */
  simulate(spec: object, given: GivenInRequest, seed: number): Promise<DeskReply>;
  /** Works while the desk's core does not answer. `target`: `firm`, `venue:X`, `account:X`, `strategy:X`. */
  kill(reason: string, target: string, actor: Actor | null): Promise<DeskReply>;
  /** Prometheus text; what the core knows is missing while it does not answer. */
  metrics(): Promise<string>;
}
