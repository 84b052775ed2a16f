import type { SurveyGroup } from '@diskcache/core'
import type { Target } from '../../reading/targets/target.ts'
import { Progress } from '../../terminal/progress.ts'

/** Counts all entries of a store, once, and gives them by what they have in common. A group may come several times. */
export async function* surveyGroups({ listing }: Target): AsyncGenerator<SurveyGroup> {
  using progress = new Progress('counting entries')
  for await (const step of listing.survey()) {
    yield* step.groups
    if (!step.isDone) progress.update(step.scanned, step.total)
  }
}
