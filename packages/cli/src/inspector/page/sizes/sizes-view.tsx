import { useState } from 'preact/hooks'
import type { Survey, SurveyRow } from '../../protocol/api.ts'
import { Progress } from '../parts/progress.tsx'
import { type Filters, KINDS, type Place, START } from '../place/place.ts'
import type { Go } from '../place/use-place.ts'
import { type AnswerError, ask } from '../server/ask.ts'
import { usePoll } from '../server/use-poll.ts'
import { countOf } from '../text/amounts.ts'
import { BarList } from './bar-list.tsx'

/** What the space is used for, by what entries have in common. */
export function SizesView({ place, go }: { place: Place; go: Go }) {
  const [survey, setSurvey] = useState<Survey>()
  const [error, setError] = useState<AnswerError>()
  usePoll((signal) => count(signal, setSurvey), '', setError)
  return (
    <section aria-label="Sizes" class="view">
      <div class="status">
        <p role="status">
          {error && error.status !== 0 && <span class="problem">{error.message}</span>}
          {survey?.isDone && `${countOf(survey.scanned, 'entry', 'entries')} counted`}
          {survey && !survey.isDone && 'Counting'}
        </p>
        {survey && !survey.isDone && <Progress scanned={survey.scanned} total={survey.total} />}
      </div>
      {survey && <Lists survey={survey} place={place} go={go} />}
    </section>
  )
}

/** Asks until all entries are counted. */
async function count(signal: AbortSignal, show: (survey: Survey) => void): Promise<void> {
  for (;;) {
    const survey = await ask<Survey>('survey', {}, signal)
    if (signal.aborted) return
    show(survey)
    if (survey.isDone) return
  }
}

function Lists({ survey, place, go }: { survey: Survey; place: Place; go: Go }) {
  const choose = (filters: Filters | undefined) =>
    filters && (() => go({ ...START, order: place.order, isReversed: place.isReversed, filters }))
  const byTag = ({ id }: SurveyRow) => choose(id === undefined ? undefined : { tag: id })
  const byNamespace = ({ id }: SurveyRow) => choose(id === undefined ? undefined : { prefix: `${id}:` })
  const byKind = ({ id }: SurveyRow) => {
    const kind = KINDS.find((known) => known === id)
    return choose(kind && { kind })
  }
  const byExpiry = ({ label }: SurveyRow) => choose(label === 'expired' ? { expired: 'yes' } : undefined)
  return (
    <div class="cards">
      <BarList title="By tag" rows={survey.byTag} actionOf={byTag} />
      <BarList title="By namespace" rows={survey.byNamespace} actionOf={byNamespace} />
      <BarList title="By kind" rows={survey.byKind} actionOf={byKind} />
      <BarList title="By size" rows={survey.bySize} />
      <BarList title="By age" rows={survey.byAge} />
      <BarList title="By time to expiry" rows={survey.byExpiry} actionOf={byExpiry} />
    </div>
  )
}
