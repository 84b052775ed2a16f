import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as baseTest, expect } from 'vitest'
import { ExampleProcess } from './example-process.ts'

/** What the proxy says that stands before both processes. */
const PROXIED = { 'x-forwarded-host': 'shop.example', 'x-forwarded-proto': 'https' }

/** Two processes on one directory. */
const test = baseTest.extend<{ origins: readonly [string, string] }>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads from the pattern what a fixture needs
  origins: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-fastify-'))
    await using one = await ExampleProcess.start(directory)
    await using two = await ExampleProcess.start(directory)
    await use([one.origin, two.origin])
    expect(await Promise.all([one.stop(), two.stop()])).toEqual([0, 0])
    rmSync(directory, { recursive: true })
  },
})

function visit(url: string, headers: Record<string, string> = PROXIED): Promise<Response> {
  return fetch(url, { headers })
}

function post(url: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams(fields)
  return fetch(url, { method: 'POST', body, headers: { ...PROXIED, ...headers }, redirect: 'manual' })
}

/** Resolves when a process answers with a stored page, which a client has a little before it is stored. */
async function expectHit(url: string): Promise<string> {
  let text = ''
  await expect
    .poll(async () => {
      const response = await visit(url)
      text = await response.text()
      return response.headers.get('cache-status')
    })
    .toMatch(/^diskcache; hit/)
  return text
}

test('one process answers with what another has stored', async ({ origins: [one, two] }) => {
  expect((await visit(`${one}/products/lamp`)).headers.get('cache-status')).toMatch(/; stored$/)
  expect(await expectHit(`${two}/products/lamp`)).toContain('<h1>Lamp</h1>')
})

test('a price that is set in one process is on the pages of all', async ({ origins: [one, two] }) => {
  for (const path of ['/', '/products/lamp']) {
    await visit(one + path)
    expect(await expectHit(two + path)).toContain('4900')
  }
  const answer = await post(`${two}/products/lamp`, { price: '100' })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/products/lamp'])
  for (const path of ['/', '/products/lamp']) expect(await (await visit(one + path)).text()).toContain('100')
})

test('the page about the cache lists what is stored, and purges it', async ({ origins: [one, two] }) => {
  await visit(`${one}/products/chair`)
  await expectHit(`${one}/products/chair`)
  const list = async () => (await visit(`${two}/cache`)).text()
  expect(await list()).toContain('<td>https://shop.example/products/chair<td>200')
  expect((await post(`${two}/cache/purge`, { url: 'https://shop.example/products/chair' })).status).toBe(303)
  expect(await list()).not.toContain('products/chair')
})

test('nobody from elsewhere sees the cache or sets a price', async ({ origins: [one] }) => {
  expect((await visit(`${one}/cache`, { 'x-forwarded-for': '203.0.113.7' })).status).toBe(403)
  const answer = await post(`${one}/products/lamp`, { price: '1' }, { 'sec-fetch-site': 'cross-site' })
  expect(answer.status).toBe(403)
  expect((await post(`${one}/products/lamp`, { price: 'much' })).status).toBe(400)
  expect((await visit(`${one}/products/none`)).status).toBe(404)
})
