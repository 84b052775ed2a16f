import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { Exerciser } from './hostile/exerciser.ts'
import { expectTyped, hostileTest as test } from './hostile/hostile-test.ts'
import { makeCache } from './hostile/raw-database.ts'
import { Random } from './processes/random.ts'

// The same damage every time; SEED=... tries another.
const SEED = Number(process.env.SEED ?? 20_261_121)

const FLIPS = 100

const exerciser = new Exerciser()

afterAll(() => exerciser[Symbol.dispose]())

/** A sound database, and what goes wrong with damaged copies of it: nothing may. */
class Damage {
  readonly #directory: string
  readonly sound: Buffer
  readonly failures: string[] = []

  constructor(directory: string) {
    this.#directory = directory
    makeCache(directory)
    this.sound = readFileSync(join(directory, 'cache.db'))
  }

  async try(what: string, bytes: Buffer): Promise<void> {
    rmSync(this.#directory, { recursive: true })
    mkdirSync(this.#directory)
    writeFileSync(join(this.#directory, 'cache.db'), bytes)
    try {
      expectTyped(await exerciser.run(this.#directory))
    } catch (error) {
      this.failures.push(`${what}: ${(error as Error).message}`)
    }
  }
}

const damageTest = test.extend<{ damage: Damage }>({
  damage: async ({ directory }, use) => {
    const damage = new Damage(directory)
    await use(damage)
    if (damage.failures.length > 0) throw new Error(damage.failures.join('\n'))
  },
})

damageTest(
  `Cache works on, or refuses, a database with a flipped bit (SEED=${SEED})`,
  { timeout: 60_000 },
  async ({ damage }) => {
    const random = new Random(SEED)
    for (let i = 0; i < FLIPS; i++) {
      // Half of them in the first page, with the header and the schema.
      const byte = random.below(i % 2 === 0 ? 2_048 : damage.sound.length)
      const bit = random.below(8)
      const bytes = Buffer.from(damage.sound)
      bytes.writeUInt8(bytes.readUInt8(byte) ^ (1 << bit), byte)
      await damage.try(`bit ${bit} of byte ${byte}`, bytes)
    }
  },
)

damageTest(
  `Cache works on, or refuses, a database with a page of garbage (SEED=${SEED})`,
  { timeout: 60_000 },
  async ({ damage }) => {
    const random = new Random(SEED, 1)
    for (let page = 0; page < damage.sound.length / 2_048; page++) {
      const bytes = Buffer.from(damage.sound)
      for (let i = page === 0 ? 100 : 0; i < 2_048; i++) bytes[page * 2_048 + i] = random.below(256)
      await damage.try(`page ${page}`, bytes)
    }
  },
)

damageTest(
  'Cache works on, or refuses, a database that was truncated',
  { timeout: 60_000 },
  async ({ damage }) => {
    const { length } = damage.sound
    const pages = Array.from({ length: length / 2_048 }, (_, page) => page * 2_048)
    const lengths = [1, 15, 16, 17, 99, 100, 101, 511, 512, 1_024, 2_047, 2_049, length - 1, ...pages]
    for (const end of lengths) await damage.try(`the first ${end} bytes`, damage.sound.subarray(0, end))
  },
)
