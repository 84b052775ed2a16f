/**
 * How far the answer of a handler has come: nothing was sent; the head was, and the body goes on; the handler is done, and
 * Node does not know of it yet (or never will, where the client gets something else); Node knows.
 */
export type Phase = 'headless' | 'open' | 'ended' | 'finished'

/** What becomes of a call: the tap sees to it, it goes on as it is, or it is as if it had not been made. */
export type Reaction = 'take' | 'pass' | 'drop'

interface PhaseRow {
  readonly writeHead: Reaction
  readonly write: Reaction
  readonly end: Reaction
  /** That the client leaves: taken where it comes too early. */
  readonly close: Reaction
  /** After `writeHead`, `end`, or when the end is passed on. */
  readonly next: Phase
}

/** The life of a tapped response. */
export const PHASES: Readonly<Record<Phase, PhaseRow>> = {
  headless: { writeHead: 'take', write: 'take', end: 'take', close: 'take', next: 'open' },
  open: { writeHead: 'pass', write: 'take', end: 'take', close: 'take', next: 'ended' },
  ended: { writeHead: 'pass', write: 'drop', end: 'drop', close: 'pass', next: 'finished' },
  finished: { writeHead: 'pass', write: 'pass', end: 'pass', close: 'pass', next: 'finished' },
}
