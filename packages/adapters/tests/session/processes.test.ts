import { directoryTest as test } from '@diskcache/testkit'
import { expect } from 'vitest'
import { ServedProcess } from '../served-process.ts'
import { Browser } from './browser.ts'

const SERVER = new URL('./processes/server.ts', import.meta.url)
const FASTIFY_SERVER = new URL('./processes/fastify-server.ts', import.meta.url)

test('SessionStore: a session is there for all processes, and after these were killed', async ({
  directory,
}) => {
  await using children = new AsyncDisposableStack()
  const start = async () => children.use(await ServedProcess.start(SERVER, directory))
  const [one, two] = await Promise.all([start(), start()])
  const browser = new Browser(one.origin)
  await browser.ask('/login/ada')
  expect((await browser.at(two.origin).ask('/user')).body).toBe('ada')
  expect((await browser.at(two.origin).ask('/visit')).body).toBe(1)
  expect((await browser.ask('/visit')).body).toBe(2)
  await Promise.all([one.kill(), two.kill()])

  const later = await start()
  expect((await browser.at(later.origin).ask('/user')).body).toBe('ada')
  expect((await browser.at(later.origin).ask('/visit')).body).toBe(3)
  await browser.at(later.origin).ask('/logout')
  expect((await browser.at(later.origin).ask('/user')).body).toBeNull()
})

test('SessionStore: with @fastify/session, too', async ({ directory }) => {
  await using children = new AsyncDisposableStack()
  const start = async () => children.use(await ServedProcess.start(FASTIFY_SERVER, directory))
  const [one, two] = await Promise.all([start(), start()])
  const browser = new Browser(one.origin)
  await browser.ask('/login/ada')
  expect((await browser.at(two.origin).ask('/user')).body).toBe('ada')
  await Promise.all([one.kill(), two.kill()])

  const later = await start()
  expect((await browser.at(later.origin).ask('/user')).body).toBe('ada')
  await browser.at(later.origin).ask('/logout')
  expect((await browser.at(later.origin).ask('/user')).body).toBeNull()
})
