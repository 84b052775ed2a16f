import { useState } from 'preact/hooks'
import type { Live, Sample } from '../../protocol/api.ts'
import { type AnswerError, ask } from '../server/ask.ts'
import { usePoll } from '../server/use-poll.ts'
import { bytesText, countText, hitRate, shareText } from '../text/amounts.ts'
import { Chart } from './chart.tsx'
import { Locks, Queues } from './tables.tsx'

/** The samples that are kept: a little more than a chart has room for. */
const MOST_SAMPLES = 400

/** What happens in the cache, of the last minutes and now. */
export function LiveView({ hasStatistics }: { hasStatistics: boolean }) {
  const [live, setLive] = useState<Live>()
  const [error, setError] = useState<AnswerError>()
  usePoll(
    async (signal) => {
      const since = live?.samples.at(-1)?.time
      const news = await ask<Live>('live', { since: since?.toString() }, signal)
      setLive({ ...news, samples: [...(live?.samples ?? []), ...news.samples].slice(-MOST_SAMPLES) })
    },
    '',
    setError,
  )
  return (
    <section aria-label="Live" class="view">
      {error && error.status !== 0 && (
        <p role="alert" class="problem">
          {error.message}
        </p>
      )}
      {live && (
        <div class="cards charts">
          <Charts samples={live.samples} hasStatistics={hasStatistics} />
          <Queues queues={live.queues} />
          <Locks locks={live.locks} />
        </div>
      )}
    </section>
  )
}

function Charts({ samples, hasStatistics }: { samples: readonly Sample[]; hasStatistics: boolean }) {
  const common = { samples, textOf: countText }
  const notCounted = hasStatistics
    ? {}
    : { absent: 'Hits, misses and evictions are not counted: the setting “statistics” is off.' }
  return (
    <>
      <Chart
        {...common}
        {...notCounted}
        samples={summed(samples)}
        title="Hit rate"
        measure={hitRate}
        most={1}
        textOf={shareText}
      />
      <Chart {...common} title="Entries" measure={({ entries }) => entries} />
      <Chart {...common} title="Bytes" measure={({ bytes }) => bytes} textOf={bytesText} />
      <Chart {...common} title="Evictions a second" measure={({ evictions }) => evictions} />
      <Chart {...common} title="Waiting for locks" measure={({ waiting }) => waiting} />
    </>
  )
}

/** Reads are noted about once a second, so that those of a few seconds are taken together. */
const TOGETHER = 5

/** Returns samples with the hits and misses of the last seconds in the place of those of one. */
function summed(samples: readonly Sample[]): Sample[] {
  return samples.map((sample, index) => {
    const last = samples.slice(Math.max(0, index - TOGETHER + 1), index + 1)
    const sum = (name: 'hits' | 'misses') => last.reduce((total, one) => total + one[name], 0)
    return { ...sample, hits: sum('hits'), misses: sum('misses') }
  })
}
