import { useEffect, useState } from 'preact/hooks'
import type { Overview } from '../protocol/api.ts'
import { EntriesView } from './entries/entries-view.tsx'
import { Head, Views } from './head.tsx'
import { LiveView } from './live/live-view.tsx'
import { shortText } from './parts/visible.tsx'
import { usePlace } from './place/use-place.ts'
import { type AnswerError, ask } from './server/ask.ts'
import { usePoll } from './server/use-poll.ts'
import { SizesView } from './sizes/sizes-view.tsx'

/** The page: what the store is, and one of the views. */
export function App() {
  const [place, go] = usePlace()
  const [overview, setOverview] = useState<Overview>()
  const [failure, setFailure] = useState<AnswerError>()
  usePoll(async (signal) => setOverview(await ask<Overview>('overview', {}, signal)), '', setFailure)
  useEffect(() => {
    if (overview) document.title = `${shortText(overview.name, 80)} · diskcache`
  }, [overview?.name])
  const isReadonly = overview?.isReadonly ?? true
  return (
    <>
      <Head overview={overview} />
      <Outage failure={failure} />
      <Views place={place} />
      {place.view === 'entries' && (
        <EntriesView place={place} go={go} isReadonly={isReadonly} size={overview?.facts.entries} />
      )}
      {place.view === 'sizes' && <SizesView place={place} go={go} />}
      {place.view === 'live' && <LiveView hasStatistics={overview?.hasStatistics ?? true} />}
    </>
  )
}

/** Why the server gives nothing; it is asked again all the time. */
function Outage({ failure }: { failure: AnswerError | undefined }) {
  return (
    <div role="alert">
      {failure && (
        <p class="outage">
          <strong>{reasonOf(failure)}</strong> What is shown may be old. Trying again…
        </p>
      )}
    </div>
  )
}

function reasonOf({ status, message }: AnswerError): string {
  if (status === 0) return 'The server does not answer.'
  if (status === 404 || status === 403)
    return 'The server does not know this address: it was started anew, and has printed another.'
  return `${message}.`
}
