import { Cached } from '@diskcache/adapters/nest'
import { Inject, Injectable, Scope } from '@nestjs/common'
import { REQUEST } from '@nestjs/core'
import { ArticlesService } from './articles-service.ts'
import type { UserRequest } from './user-guard.ts'

export class Summary {
  constructor(
    readonly user: string,
    readonly articles: number,
  ) {}

  toString(): string {
    return `${this.user} has written ${this.articles} articles`
  }
}

/** Belongs to one request, and so does what it gives: the key has to say whose it is. */
@Injectable({ scope: Scope.REQUEST })
export class Account {
  constructor(
    @Inject(REQUEST) private readonly request: UserRequest,
    @Inject(ArticlesService) private readonly articles: ArticlesService,
  ) {}

  get user(): string {
    if (this.request.user === undefined) throw new TypeError('The request has no user')
    return this.request.user.name
  }

  @Cached({
    ttl: 60_000,
    tag: 'articles',
    key(this: Account) {
      return this.user
    },
    revive: (data: Summary) => new Summary(data.user, data.articles),
  })
  async summary(): Promise<Summary> {
    const articles = await this.articles.list(this.user)
    return new Summary(this.user, articles.length)
  }
}
