import type { LockView, QueueView } from '../../protocol/api.ts'
import { shortText } from '../parts/visible.tsx'
import { countText } from '../text/amounts.ts'
import { expiryText } from '../text/times.ts'

/** The locks that are held, or waited for. */
export function Locks({ locks }: { locks: readonly LockView[] }) {
  const now = Date.now()
  return (
    <section class="card wide" aria-label="Locks">
      <h2>Locks held</h2>
      {locks.length === 0 && <p class="quiet">No lock is held.</p>}
      {locks.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Recipe</th>
              <th scope="col">Holders</th>
              <th scope="col">Waiting</th>
              <th scope="col">Lease ends</th>
            </tr>
          </thead>
          <tbody>
            {locks.map(({ id, name, recipe, holders, waiting, until }) => (
              <tr key={id}>
                <th scope="row">{shortText(name, 100)}</th>
                <td>{shortText(recipe, 40)}</td>
                <td>{countText(holders)}</td>
                <td>{countText(waiting)}</td>
                <td>{expiryText(until, false, now)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

/** The queues and their lengths. */
export function Queues({ queues }: { queues: readonly QueueView[] }) {
  return (
    <section class="card" aria-label="Queues">
      <h2>Queues</h2>
      {queues.length === 0 && <p class="quiet">No queue has items.</p>}
      {queues.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Prefix</th>
              <th scope="col">Items</th>
            </tr>
          </thead>
          <tbody>
            {queues.map(({ prefix, length }) => (
              <tr key={prefix}>
                <th scope="row">{prefix === '' ? '(without prefix)' : shortText(prefix, 100)}</th>
                <td>{countText(length)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
