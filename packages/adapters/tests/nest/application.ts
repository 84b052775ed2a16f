import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { INestApplication, ModuleMetadata } from '@nestjs/common'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { Test } from '@nestjs/testing'
import { test as base } from 'vitest'
import { DiskCacheModule, type DiskCacheModuleOptions } from '../../src/nest/index.ts'

/** What is done to an application before it is initialized. */
type Configure = (application: INestApplication) => void

/** What an application stands on. */
export type Kind = 'Express' | 'Fastify'
export const KINDS: readonly Kind[] = ['Express', 'Fastify']

/** Each of the cases on each kind. */
export function onEach<T extends readonly unknown[]>(cases: readonly T[]): (readonly [Kind, ...T])[] {
  return KINDS.flatMap((kind) => cases.map((one) => [kind, ...one] as const))
}

export interface Applications {
  /** An application with a store in the directory, unless the options say otherwise. */
  start(
    metadata: ModuleMetadata,
    options?: Partial<DiskCacheModuleOptions>,
    configure?: Configure,
    kind?: Kind,
  ): Promise<INestApplication>
  /** One whose modules are all given. */
  startBare(metadata: ModuleMetadata, configure?: Configure, kind?: Kind): Promise<INestApplication>
}

/** A `test` with a fresh directory, and applications that are closed afterwards. */
export const test = base.extend<{ directory: string; applications: Applications }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  directory: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-nest-'))
    await use(directory)
    rmSync(directory, { recursive: true, force: true })
  },
  applications: async ({ directory }, use) => {
    const started: INestApplication[] = []
    const startBare: Applications['startBare'] = async (metadata, configure, kind) => {
      const module = await Test.createTestingModule(metadata).compile()
      const adapter = kind === 'Fastify' ? new FastifyAdapter({ trustProxy: true }) : new ExpressAdapter()
      const application = module.createNestApplication(adapter, {
        logger: false,
        forceCloseConnections: true,
      })
      started.push(application)
      configure?.(application)
      return application.init()
    }
    const start: Applications['start'] = ({ imports = [], ...metadata }, options = {}, configure, kind) => {
      const store = DiskCacheModule.forRoot({ directory, ...options } as DiskCacheModuleOptions)
      return startBare({ ...metadata, imports: [store, ...imports] }, configure, kind)
    }
    await use({ start, startBare })
    await Promise.all(started.map((application) => application.close()))
  },
})
