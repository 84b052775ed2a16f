import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common'
import type { Article } from './article.ts'
import { Settings } from './settings.ts'

const FIRST_ARTICLES: readonly Article[] = [
  { id: 1, title: 'On caches', author: 'ada' },
  { id: 2, title: 'On invalidation', author: 'grace' },
]

/** Stands for a database that is slow: articles in a file. It keeps a log of its queries. */
@Injectable()
export class Archive implements OnModuleInit {
  constructor(@Inject(Settings) private readonly settings: Settings) {}

  async onModuleInit(): Promise<void> {
    await mkdir(this.settings.dataDirectory, { recursive: true })
    await writeFile(this.#file('articles.json'), JSON.stringify(FIRST_ARTICLES), { flag: 'wx' }).catch(
      () => {},
    )
  }

  async query(name: string): Promise<readonly Article[]> {
    await appendFile(this.#file('queries.log'), `${process.pid} ${name}\n`)
    await delay(this.settings.queryTime)
    return JSON.parse(await readFile(this.#file('articles.json'), 'utf8'))
  }

  async save(articles: readonly Article[]): Promise<void> {
    const draft = this.#file(`articles-${process.pid}.json`)
    await writeFile(draft, JSON.stringify(articles))
    await rename(draft, this.#file('articles.json'))
  }

  #file(name: string): string {
    return join(this.settings.dataDirectory, name)
  }
}
