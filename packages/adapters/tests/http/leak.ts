import { gunzipSync } from 'node:zlib'
import { expect } from 'vitest'
import type { Answer, Ask } from './http-client.ts'
import { type LeakScenario, secretOf, USERS } from './leak-scenarios.ts'

/** What is asked, and what is right. */
type Asked = Omit<LeakScenario, 'reply'>

/** Asks a path of the scenario. */
export type AskPath = (path: string, options: Ask) => Promise<Answer>

/** Each user asks alone, all together, and alone again, and gets their own secret, and not a byte of another's. */
export async function expectNoLeak(scenario: Asked, ask: AskPath): Promise<void> {
  const send = (user: string) => sendAs(user, scenario, ask)
  for (const user of ['alice', 'bob']) expectOwn(scenario, user, await send(user))
  const together = ['bob', 'alice', 'nobody', 'bob', 'alice']
  const answers = await Promise.all(together.map(send))
  for (const [at, answer] of answers.entries()) expectOwn(scenario, together[at] as string, answer)
  for (const user of ['nobody', 'bob', 'alice']) expectOwn(scenario, user, await send(user))
}

function sendAs(user: string, { method = 'GET', sends, path }: Asked, ask: AskPath): Promise<Answer> {
  const headers = { 'x-test-who': user, 'accept-encoding': 'gzip', ...sends?.(user) }
  const body = 'Content-Length' in headers ? 'x' : ''
  return ask(path?.(user) ?? '', { method, headers, body })
}

function expectOwn(scenario: Asked, user: string, answer: Answer): void {
  const body =
    answer.headers['content-encoding'] === 'gzip' ? gunzipSync(answer.body).toString() : answer.text
  const seen = JSON.stringify(answer.headers) + body
  expect(scenario.statuses ?? [200]).toContain(answer.status)
  if (!scenario.isSilent) expect(body).toContain(secretOf(user))
  for (const other of USERS) if (other !== user) expect(seen).not.toContain(secretOf(other))
}
