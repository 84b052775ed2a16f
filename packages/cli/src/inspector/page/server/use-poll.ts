import { useEffect, useRef } from 'preact/hooks'
import { AnswerError } from './ask.ts'
import { PollLoop } from './poll-loop.ts'

/**
 * Does a job again and again while the component is there, from the beginning whenever `subject` is another; `wake` does
 * it at once. Failures go to `onError`, and a job that is done without one gives it `undefined`.
 */
export function usePoll(
  job: (signal: AbortSignal) => Promise<void>,
  subject: string,
  onError: (error: AnswerError | undefined) => void,
): { wake(): void } {
  const latest = useRef({ job, onError })
  latest.current = { job, onError }
  const running = useRef<PollLoop>(null)
  useEffect(() => {
    const loop = new PollLoop(async (signal) => {
      try {
        await latest.current.job(signal)
        if (!signal.aborted) latest.current.onError(undefined)
      } catch (error) {
        if (signal.aborted) return
        latest.current.onError(error instanceof AnswerError ? error : new AnswerError(String(error), 500))
      }
    })
    running.current = loop
    void loop.start()
    return () => loop.stop()
  }, [subject])
  return { wake: () => running.current?.wake() }
}
