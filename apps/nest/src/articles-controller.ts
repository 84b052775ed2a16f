import { CachedResponse } from '@diskcache/adapters/nest'
import { CacheInterceptor, CacheTTL } from '@nestjs/cache-manager'
import {
  Body,
  Controller,
  Get,
  Inject,
  Param,
  ParseIntPipe,
  Put,
  Req,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common'
import type { Article, Changes } from './article.ts'
import { ArticlesService } from './articles-service.ts'
import { UserGuard, type UserRequest } from './user-guard.ts'
import { Visits } from './visits.ts'

@Controller('articles')
export class ArticlesController {
  constructor(
    @Inject(ArticlesService) private readonly articles: ArticlesService,
    @Inject(Visits) private readonly visits: Visits,
  ) {}

  /** A response for everybody: requests with credentials bypass the cache. */
  @Get()
  @CachedResponse({ ttl: 60_000, tag: 'articles' })
  list(): Promise<readonly Article[]> {
    return this.articles.list()
  }

  /** A response for each user. */
  @Get('mine')
  @UseGuards(UserGuard)
  @CachedResponse({ ttl: 60_000, tag: 'articles', trackBy: ({ user }: UserRequest) => user?.name })
  mine(@Req() { user }: UserRequest): Promise<readonly Article[]> {
    return this.articles.list(user?.name)
  }

  /** The interceptor of `@nestjs/cache-manager`, whose key is the URL alone. */
  @Get('count')
  @CacheTTL(60_000)
  @UseInterceptors(CacheInterceptor)
  async count(): Promise<{ readonly count: number }> {
    return { count: (await this.articles.list()).length }
  }

  @Get(':id')
  async find(@Param('id', ParseIntPipe) id: number): Promise<Article> {
    await this.visits.add(id)
    return this.articles.find(id)
  }

  @Get(':id/visits')
  async visitsOf(@Param('id', ParseIntPipe) id: number): Promise<{ readonly visits: number }> {
    return { visits: await this.visits.of(id) }
  }

  @Put(':id')
  update(@Param('id', ParseIntPipe) id: number, @Body() changes: Changes): Promise<Article> {
    return this.articles.update(id, changes)
  }
}
