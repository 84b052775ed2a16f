import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { Random } from '../../../../cache/tests/processes/random.ts'
import { role } from '../../../../cache/tests/processes/role.ts'
import { LANGUAGES, LARGE, longestAge, PAGES, type Page, type PageHead } from './pages.ts'

export interface HonestJob {
  readonly port: number
  readonly seed: number
  readonly clients: number
  /** The milliseconds for which they ask. */
  readonly time: number
}

/** What an honest client got. */
export interface HonestAnswer {
  readonly path: string
  /** How long it took, in milliseconds. */
  readonly took: number
  /** How old the page was when it was asked for, in milliseconds; 0 for one that was made after that. */
  readonly age: number
  /** What is wrong with the answer; `undefined` for nothing. */
  readonly fault: string | undefined
}

/** How often each client asks, in milliseconds. */
const INTERVAL = 500

/** The milliseconds whose answers do not count. */
const WARM_UP = 1_000

/** One page of so many is the long one: fewer than would decide on the slowest hundredth of all. */
const LARGE_SHARE = 400

/** The time by which an answer may seem too old: the application notes it before the cache does, in milliseconds. */
const SLACK = 50

role<HonestJob, HonestAnswer[]>(async ({ port, seed, clients, time }, barrier) => {
  const agent = new Agent({ keepAlive: true })
  const random = new Random(seed)
  await barrier()
  const asked: Promise<HonestAnswer>[] = []
  const start = performance.now()
  const each = async () => {
    await delay(random.below(INTERVAL))
    // They do not wait for their answers: one that is slow keeps none of them from asking.
    for (; performance.now() < start + time; await delay(INTERVAL)) {
      const page = random.below(LARGE_SHARE) === 0 ? LARGE : random.pick(PAGES)
      const answer = ask({ port, agent }, page, random.pick(LANGUAGES))
      // At first the code of the application is compiled.
      if (performance.now() > start + WARM_UP) asked.push(answer)
    }
  }
  await Promise.all(Array.from({ length: clients }, each))
  const answers = await Promise.all(asked)
  agent.destroy()
  return answers
})

function ask(
  where: { readonly port: number; readonly agent: Agent },
  page: Page,
  language: string,
): Promise<HonestAnswer> {
  const [asked, start] = [Date.now(), performance.now()]
  const { path } = page
  return new Promise((resolve) => {
    const done = (age: number, fault: string | undefined) =>
      resolve({ path, age, fault, took: performance.now() - start })
    const headers = { host: 'a.example', 'accept-language': language }
    request({ host: '127.0.0.1', ...where, path, headers }, (response) => {
      let text = ''
      response
        .setEncoding('latin1')
        .on('data', (part: string) => {
          text += part
        })
        .on('error', (error) => done(0, String(error)))
        .on('end', () => {
          const head = headOf(text)
          const age = Math.max(0, asked - (head?.made ?? 0))
          const fault = faultOf({ page, language, status: response.statusCode, text, head, age })
          done(age, fault && `${path}: ${fault} (${response.headers['cache-status']})`)
        })
    })
      .on('error', (error) => done(0, String(error)))
      .end()
  })
}

interface Received {
  readonly page: Page
  readonly language: string
  readonly status: number | undefined
  readonly text: string
  readonly head: PageHead | undefined
  readonly age: number
}

function headOf(text: string): PageHead | undefined {
  return text.startsWith('{') ? (JSON.parse(text.slice(0, text.indexOf('\n'))) as PageHead) : undefined
}

/** Returns what is wrong with an answer: it is another's, not complete, or older than the page says that it may be. */
function faultOf({ page, language, status, text, head, age }: Received): string | undefined {
  if (status !== 200 || head === undefined) return `status ${status}`
  if (text.length !== page.size) return `${text.length} bytes`
  if (head.path !== page.path || head.language !== language || head.host !== 'a.example')
    return `the page of another: ${JSON.stringify(head)}`
  return age > longestAge(page) + SLACK ? `${age} ms old` : undefined
}
