import { useEffect } from 'preact/hooks'

/** How long it stays, in milliseconds. */
const STAY = 6000

/** What was done, for a moment; it is read aloud. */
export function Toast({ text, onEnd }: { text: string; onEnd: () => void }) {
  useEffect(() => {
    if (text === '') return
    const timer = setTimeout(onEnd, STAY)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <p role="status" class="toast">
      {text}
    </p>
  )
}
