import { useEffect, useState } from 'preact/hooks'
import { hashOf, type Place, placeOf } from './place.ts'

/** Goes to a place. With `replace` the one before is not come back to, as while somebody types. */
export type Go = (place: Place, how?: 'replace') => void

/** Returns the place that the address names, and how to go to another. */
export function usePlace(): readonly [Place, Go] {
  const [place, setPlace] = useState(() => placeOf(location.hash))
  useEffect(() => {
    const follow = () => setPlace(placeOf(location.hash))
    addEventListener('popstate', follow)
    return () => removeEventListener('popstate', follow)
  }, [])
  const go: Go = (next, how) => {
    if (how === 'replace') history.replaceState(null, '', hashOf(next))
    else if (hashOf(next) !== location.hash) history.pushState(null, '', hashOf(next))
    setPlace(next)
  }
  return [place, go]
}
