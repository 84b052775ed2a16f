import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'

interface DialogProps {
  readonly title: string
  /** What the button says that does it. */
  readonly act: string
  readonly isDangerous?: boolean
  readonly children: ComponentChildren
  /** Does it; while it fails, the dialog stays and says why. */
  onAct(): Promise<void>
  /** The dialog is closed, whether it was done or not. */
  onClose(): void
}

/** A question before a change. Escape and "Cancel" leave everything as it is. */
export function Dialog({ title, act, isDangerous = false, children, onAct, onClose }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  const heading = useId()
  const { problem, isBusy, submit } = useSubmit(onAct, () => element.current?.close())
  useEffect(() => element.current?.showModal(), [])
  return (
    <dialog ref={element} aria-labelledby={heading} onClose={onClose}>
      <form onSubmit={submit}>
        <h2 id={heading}>{title}</h2>
        {children}
        <p role="alert" class="problem">
          {problem}
        </p>
        <div class="buttons">
          <button type="button" onClick={() => element.current?.close()}>
            Cancel
          </button>
          <button type="submit" class={isDangerous ? 'danger' : 'main'} disabled={isBusy}>
            {act}
          </button>
        </div>
      </form>
    </dialog>
  )
}

function useSubmit(onAct: () => Promise<void>, close: () => void) {
  const [problem, setProblem] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const submit = async (event: Event) => {
    event.preventDefault()
    setIsBusy(true)
    try {
      await onAct()
      close()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
      setIsBusy(false)
    }
  }
  return { problem, isBusy, submit }
}
