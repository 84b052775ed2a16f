import { InjectStore } from '@diskcache/adapters/nest'
import type { AsyncStore } from '@diskcache/cache'
import { Injectable } from '@nestjs/common'

/** How often articles were asked for, counted by all processes together. */
@Injectable()
export class Visits {
  constructor(@InjectStore() private readonly store: AsyncStore) {}

  add(id: number): Promise<number> {
    return this.store.incr(['visits', id])
  }

  async of(id: number): Promise<number> {
    return ((await this.store.get(['visits', id])) as number | undefined) ?? 0
  }
}
