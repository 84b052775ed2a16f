import { Cached, EvictTag } from '@diskcache/adapters/nest'
import { Inject, Injectable, NotFoundException } from '@nestjs/common'
import { Archive } from './archive.ts'
import type { Article, Changes } from './article.ts'

const tagOf = (id: number) => `article:${id}`

@Injectable()
export class ArticlesService {
  constructor(@Inject(Archive) private readonly archive: Archive) {}

  /** Of all processes, one asks the archive; should that die, another takes over after the lease. */
  @Cached({ ttl: 600_000, staleFor: 60_000, lease: 1_000, tag: tagOf })
  async find(id: number): Promise<Article> {
    const articles = await this.archive.query(`find ${id}`)
    const article = articles.find((article) => article.id === id)
    if (article === undefined) throw new NotFoundException(`There is no article ${id}`)
    return article
  }

  async list(author?: string): Promise<readonly Article[]> {
    const articles = await this.archive.query(`list ${author ?? 'all'}`)
    return articles.filter((article) => author === undefined || article.author === author)
  }

  @EvictTag((id: number) => [tagOf(id), 'articles'])
  async update(id: number, changes: Changes): Promise<Article> {
    const articles = await this.archive.query(`update ${id}`)
    const article = articles.find((article) => article.id === id)
    if (article === undefined) throw new NotFoundException(`There is no article ${id}`)
    const changed = { ...article, title: changes.title }
    await this.archive.save(articles.map((article) => (article.id === id ? changed : article)))
    return changed
  }
}
