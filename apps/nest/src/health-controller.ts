import { DiskCacheHealthIndicator } from '@diskcache/adapters/nest'
import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common'

@Controller('health')
export class HealthController {
  constructor(@Inject(DiskCacheHealthIndicator) private readonly diskCache: DiskCacheHealthIndicator) {}

  @Get()
  async check(): Promise<object> {
    const health = await this.diskCache.isHealthy('cache')
    if (health.cache.status === 'down') throw new ServiceUnavailableException(health)
    return health
  }
}
