export interface ScenarioContext {
  /** Empty, and its own. */
  readonly directory: string
  readonly seed: number
  /** Less of everything. */
  readonly short: boolean
}

/** A way to put the cache under stress, with what must hold nevertheless. */
export interface Scenario {
  readonly name: string
  /** It is killed, and has failed, after so many minutes. */
  readonly minutes: number
  /** Why it is not among all in their short setting, and only runs when it is named. */
  readonly alone?: string
  /** Throws when something is wrong; gives figures for the report. */
  run(context: ScenarioContext): Promise<readonly string[]>
}
