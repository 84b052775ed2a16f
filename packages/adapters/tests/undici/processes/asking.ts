/** Asks for each URL that follows the directory, through a cache in it, and prints what came from where. */
import { Agent, fetch, interceptors } from 'undici'
import { UndiciCacheStore } from '../../../src/undici/index.ts'

const [directory, ...urls] = process.argv.slice(2)
await using store = new UndiciCacheStore(directory!)
const agent = new Agent()
const dispatcher = agent.compose(interceptors.cache({ store }))
const answers: unknown[] = []
for (const url of urls) {
  const response = await fetch(url, { dispatcher })
  const { length } = await response.text()
  answers.push({ length, isHit: response.headers.has('age') })
}
await agent.close()
console.log(JSON.stringify(answers))
