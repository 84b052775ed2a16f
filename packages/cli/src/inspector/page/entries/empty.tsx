import { type Place, START } from '../place/place.ts'
import type { Go } from '../place/use-place.ts'

/** What stands in the place of the list while the cache has no entries. */
export function EmptyCache() {
  return (
    <div class="empty">
      <h2>Nothing is in this cache yet</h2>
      <p>
        Entries show up here as soon as a program stores some, such as with{' '}
        <code>cache.set('key', 'value')</code>. Should there be some already, look whether the program uses
        the directory that is named above.
      </p>
    </div>
  )
}

/** What stands there when the filters leave none. */
export function NothingFound({ place, go }: { place: Place; go: Go }) {
  return (
    <div class="empty">
      <h2>No entry is like that</h2>
      <p>
        <button type="button" onClick={() => go({ ...place, filters: START.filters })}>
          Show all entries
        </button>
      </p>
    </div>
  )
}
