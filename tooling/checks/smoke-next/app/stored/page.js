import { unstable_cache } from 'next/cache'
import { made } from '../../made.js'

export const dynamic = 'force-dynamic'

const value = unstable_cache(async () => made(), ['stored'], { tags: ['stored'] })

export default async function Page() {
  return <p>{await value()}</p>
}
