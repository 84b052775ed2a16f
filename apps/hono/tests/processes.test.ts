import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as baseTest, expect } from 'vitest'
import { ExampleProcess } from './example-process.ts'

/** What the proxy says that stands before both processes. */
const PROXIED = { 'x-forwarded-host': 'weather.example', 'x-forwarded-proto': 'https' }

/** Two processes on one directory. */
const test = baseTest.extend<{ origins: readonly [string, string] }>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads from the pattern what a fixture needs
  origins: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-hono-'))
    await using one = await ExampleProcess.start(directory)
    await using two = await ExampleProcess.start(directory)
    await use([one.origin, two.origin])
    expect(await Promise.all([one.stop(), two.stop()])).toEqual([0, 0])
    rmSync(directory, { recursive: true })
  },
})

function ask(url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { headers: { ...PROXIED, ...headers } })
}

function post(url: string, fields: Record<string, string>, site = 'same-origin'): Promise<Response> {
  const headers = { ...PROXIED, 'sec-fetch-site': site }
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' })
}

/** Resolves when a process answers with a stored response, which a client has a little before it is stored. */
async function expectHit(url: string): Promise<unknown> {
  let weather: unknown
  await expect
    .poll(async () => {
      const response = await ask(url)
      weather = await response.json()
      return response.headers.get('cache-status')
    })
    .toMatch(/^diskcache; hit/)
  return weather
}

test('one process answers with what another has stored', async ({ origins: [one, two] }) => {
  expect((await ask(`${one}/weather/oslo`)).headers.get('cache-status')).toMatch(/; stored$/)
  expect(await expectHit(`${two}/weather/oslo`)).toEqual({ city: 'oslo', now: 10, tomorrow: 11 })
})

test('what a station reports to one process all answer with', async ({ origins: [one, two] }) => {
  await ask(`${one}/weather/rome`)
  await expectHit(`${two}/weather/rome`)
  expect((await post(`${two}/weather/rome`, { degrees: '25' })).status).toBe(303)
  expect(await (await ask(`${one}/weather/rome`)).json()).toMatchObject({ now: 25 })
})

test('the page about the cache lists what is stored, and purges it', async ({ origins: [one, two] }) => {
  await ask(`${one}/weather/oslo`)
  await expectHit(`${one}/weather/oslo`)
  const list = async () => (await ask(`${two}/cache`)).text()
  expect(await list()).toContain('<td>https://weather.example/weather/oslo<td>200')
  expect((await post(`${two}/cache/purge`, { url: 'https://weather.example/weather/oslo' })).status).toBe(303)
  expect(await list()).not.toContain('weather/oslo')
})

test('nobody from elsewhere sees the cache or reports', async ({ origins: [one] }) => {
  expect((await ask(`${one}/cache`, { 'x-forwarded-for': '203.0.113.7' })).status).toBe(403)
  expect((await post(`${one}/weather/oslo`, { degrees: '1' }, 'cross-site')).status).toBe(403)
  expect((await post(`${one}/weather/oslo`, { degrees: 'mild' })).status).toBe(400)
  expect((await ask(`${one}/weather/none`)).status).toBe(404)
})
