import fc from 'fast-check'
import { anyOperation, type Operation } from './operation.ts'

/** One thing that a task does: to its own keys, or to those that all tasks share. */
export interface Step {
  readonly action: Operation | 'count' | 'append'
  /** Which of the Cache objects it goes through. */
  readonly store: number
  /** In another turn of the event loop than what came before, or when that is done. */
  readonly after: 'issued' | 'turn' | 'done'
  /** `later`: when the scheduler says so; `in a transaction`: while one that may be its own is under way. */
  readonly abort: 'never' | 'at once' | 'later' | 'in a transaction'
  toString(): string
}

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc
    .record({
      action: fc.oneof(
        { weight: 6, arbitrary: anyOperation },
        { weight: 2, arbitrary: fc.constantFrom('count' as const, 'append' as const) },
      ),
      store: mostly(0, 1),
      after: mostly<Step['after']>('issued', 'turn', 'done'),
      abort: mostly<Step['abort']>('never', 'at once', 'later', 'in a transaction'),
    })
    .map((parts) => ({ ...parts, toString: () => textOf(parts) })),
  { minLength: 4, maxLength: 14 },
)

function mostly<T>(usual: T, ...others: T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  )
}

function textOf({ action, store, after, abort }: Step): string {
  const details = [
    ...(store === 0 ? [] : ['through the other cache']),
    ...(after === 'issued' ? [] : [after === 'turn' ? 'a turn later' : 'when all is done']),
    ...(abort === 'never' ? [] : [`aborted ${abort}`]),
  ]
  return details.length === 0 ? `${action}` : `${action} (${details.join(', ')})`
}
