import { assert, chai } from 'vitest'

type Step = () => unknown
type Body = (context: object) => Promise<void> | void

/** A case as japa's `test` gives it. */
class JapaCase {
  readonly title: string
  readonly #body: Body
  #expected: readonly [string, new () => Error] | undefined

  constructor(title: string, body: Body) {
    this.title = title
    this.#body = body
  }

  /** Says that the case is to fail, and with what. */
  throws(message: string, Class: new () => Error): void {
    this.#expected = [message, Class]
  }

  async run(cleanup: (step: Step) => void): Promise<void> {
    const running = (async () => this.#body({ assert: JAPA_ASSERT, cleanup }))()
    if (this.#expected === undefined) return running
    const [message, Class] = this.#expected
    const error = await running.then(
      () => undefined,
      (error: unknown) => error,
    )
    assert.instanceOf(error, Class, `it does not reject as it should, but with ${error}`)
    assert.equal((error as Error).message, message)
  }
}

/** What japa's assertions have that chai's have not. */
const JAPA_ASSERT = {
  ...chai.assert,
  rejects: async (run: () => Promise<unknown>, message: string): Promise<void> => {
    const error = await run().then(
      () => undefined,
      (error: Error) => error,
    )
    assert.equal(error?.message, message)
  },
}

/** As much of japa as the suites need that other libraries publish for their drivers. */
export class JapaSuite {
  readonly cases: JapaCase[] = []
  readonly #setups: Step[] = []
  readonly #teardowns: Step[] = []

  readonly test = (title: string, body: Body): JapaCase => {
    const added = new JapaCase(title, body)
    this.cases.push(added)
    return added
  }

  readonly group = {
    setup: (step: Step) => void this.#setups.push(step),
    tap: () => {},
    each: { teardown: (step: Step) => void this.#teardowns.push(step) },
  }

  /** Runs all cases at once, since they sleep for seconds, and returns what fails. */
  async runAtOnce(): Promise<string[]> {
    const failures = await Promise.all(this.cases.map((each) => this.#run(each)))
    return failures.flat()
  }

  /** Runs the cases one after the other, and returns what fails. */
  async runInTurn(): Promise<string[]> {
    const ends: unknown[] = []
    for (const step of this.#setups) ends.push(await step())
    const failures: string[] = []
    for (const each of this.cases) failures.push(...(await this.#run(each)))
    for (const end of ends) await (end as Step)()
    return failures
  }

  async #run(each: JapaCase): Promise<string[]> {
    const steps: Step[] = [...this.#teardowns]
    try {
      await each.run((step) => steps.unshift(step))
      return []
    } catch (error) {
      return [`${each.title}: ${error}`]
    } finally {
      for (const step of steps) await step()
    }
  }
}
