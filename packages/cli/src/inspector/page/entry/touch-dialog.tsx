import { useId, useState } from 'preact/hooks'
import { Dialog } from '../parts/dialog.tsx'
import { makeChange } from '../server/ask.ts'
import { type ChangeProps, KeyName } from './change-dialogs.tsx'

const UNITS = { seconds: 1000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const
type Unit = keyof typeof UNITS

/** Asks for a new time to live. */
export function TouchDialog({ entry, onDone, onClose }: ChangeProps) {
  const [amount, setAmount] = useState('1')
  const [unit, setUnit] = useState<Unit>('hours')
  const [isForever, setIsForever] = useState(false)
  const act = async () => {
    const milliseconds = Number(amount) * UNITS[unit]
    if (!isForever && !(amount !== '' && milliseconds >= 0 && Number.isFinite(milliseconds)))
      throw new Error('Type a number that is not negative')
    const ttl = isForever ? null : milliseconds
    const count = await makeChange({ action: 'touch', id: entry.id, ttl })
    onDone(count > 0 ? 'The expiry was changed.' : 'The entry was not there any more.')
  }
  return (
    <Dialog title="Change when it expires" act="Change" onAct={act} onClose={onClose}>
      <p>
        <KeyName entry={entry} />
      </p>
      <Amount {...{ amount, unit, setAmount, setUnit }} isDisabled={isForever} />
      <label class="check">
        <input
          type="checkbox"
          checked={isForever}
          onChange={(event) => setIsForever(event.currentTarget.checked)}
        />
        never expires
      </label>
    </Dialog>
  )
}

interface AmountProps {
  readonly amount: string
  readonly unit: Unit
  readonly isDisabled: boolean
  setAmount(amount: string): void
  setUnit(unit: Unit): void
}

function Amount({ amount, unit, isDisabled, setAmount, setUnit }: AmountProps) {
  const field = useId()
  return (
    <p class="amount">
      <label htmlFor={field}>expires in</label>
      <input
        id={field}
        type="number"
        min="0"
        step="any"
        value={amount}
        disabled={isDisabled}
        onInput={(event) => setAmount(event.currentTarget.value)}
      />
      <select
        aria-label="Unit"
        value={unit}
        disabled={isDisabled}
        onChange={(event) => setUnit(event.currentTarget.value as Unit)}
      >
        {Object.keys(UNITS).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </p>
  )
}
