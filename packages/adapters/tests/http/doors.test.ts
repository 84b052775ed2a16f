import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { directoryTest } from '@diskcache/testkit'
import { expect } from 'vitest'
import type { DoorAnswers, DoorJob } from './door-process.ts'
import { PLATFORMS } from './platforms.ts'

const PROGRAM = new URL('./door-process.ts', import.meta.url)

/** Each loads every framework, so the test command has few. */
const PROCESSES = process.env.DISKCACHE_ALL_PLATFORMS ? 8 : 4
const REQUESTS = 3

directoryTest(
  `${PROCESSES} processes with an empty cache run a cold handler once, through each door`,
  async ({ directory }) => {
    const log = join(directory, 'runs')
    const job: DoorJob = { directory: join(directory, 'store'), log, requests: REQUESTS }
    const children = Array.from({ length: PROCESSES }, () => fork(PROGRAM, [JSON.stringify(job)]))
    const ended = Promise.all(children.map((child) => once(child, 'exit')))
    try {
      await Promise.all(children.map(messageOf))
      const answers = Promise.all(children.map(messageOf))
      for (const child of children) child.send('ask')
      const texts = (await answers).flatMap((one) => Object.entries(one as DoorAnswers))
      const runs = readFileSync(log, 'utf8').trim().split('\n').sort()
      const names = PLATFORMS.map(({ name }) => name).sort()
      expect(runs).toEqual(names)
      for (const name of names) {
        const same = texts.filter(([other]) => other === name).flatMap(([, all]) => all)
        expect([name, same.length, new Set(same).size]).toEqual([name, PROCESSES * REQUESTS, 1])
      }
    } finally {
      for (const child of children) child.kill('SIGKILL')
      await ended
    }
  },
  60_000,
)

async function messageOf(child: ChildProcess): Promise<unknown> {
  const [message] = await once(child, 'message')
  return message
}
