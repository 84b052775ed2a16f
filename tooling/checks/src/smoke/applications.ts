import { NPM, PNPM } from './package-manager.ts'
import type { Application } from './workbench.ts'

const ALL = ['adapters', 'cache', 'cli', 'collections', 'core', 'fanout', 'recipes', 'redis'].map(
  (name) => `@diskcache/${name}`,
)

/** The newest framework of every kind, and what those of Nest ask for. */
const FRAMEWORKS = {
  '@nestjs/common': '^12',
  '@nestjs/core': '^12',
  '@verrou/core': '^0.5',
  express: '^5',
  'express-session': '^1.19',
  fastify: '^5',
  keyv: '^5',
  redis: '^6',
  'reflect-metadata': '^0.2',
  rxjs: '^7',
  undici: '^8',
}

/** What most checks use: everything, on npm. */
export const EVERYTHING: Application = {
  title: 'everything on npm',
  manager: NPM,
  ours: [...ALL, '@diskcache/testkit'],
  others: {
    ...FRAMEWORKS,
    '@types/express': '^5',
    '@types/express-session': '^1.19',
    '@types/node': '^22',
    typescript: '6.0.3',
  },
  programs: ['smoke', 'smoke-types'],
}

/** What every package manager has to install. */
export const USUAL: Omit<Application, 'title' | 'manager'> = {
  ours: ALL.filter((name) => name !== '@diskcache/core'),
  others: FRAMEWORKS,
  programs: ['smoke'],
}

/** Redis without a native module. */
export const REDIS: Application = {
  title: 'redis alone',
  manager: PNPM,
  ours: ['@diskcache/redis'],
  others: { redis: '^6' },
  programs: ['smoke'],
}

export const RECIPES: Application = {
  title: 'recipes alone',
  manager: NPM,
  ours: ['@diskcache/recipes'],
  programs: ['smoke'],
}

/** It has another better-sqlite3, which has its binaries in it, too. */
export const OTHER_SQLITE: Application = {
  title: 'another better-sqlite3',
  manager: NPM,
  ours: ['@diskcache/cache'],
  others: { 'better-sqlite3': '13.1.1' },
  programs: ['smoke'],
}

/** The last version before has to be compiled where its binary cannot be downloaded: it is only beside, never run. */
export const OLD_SQLITE: Application = {
  ...OTHER_SQLITE,
  title: 'better-sqlite3 12',
  others: { 'better-sqlite3': '^12' },
  words: ['--ignore-scripts'],
}

export const TOGETHER: Application = {
  title: 'redis, cache and recipes together',
  manager: PNPM,
  ours: ['@diskcache/redis', '@diskcache/cache', '@diskcache/recipes'],
  others: { redis: '^6' },
  programs: ['smoke'],
}
