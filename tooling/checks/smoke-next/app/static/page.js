import { unstable_cache } from 'next/cache'
import { made } from '../../made.js'

const value = unstable_cache(async () => made(), ['static'], { tags: ['static'] })

export default async function Page() {
  return <p>{await value()}</p>
}
