import { createKeyv } from '@diskcache/adapters/keyv'
import { DiskCacheModule, getStoreToken } from '@diskcache/adapters/nest'
import type { AsyncStore } from '@diskcache/cache'
import { CacheModule } from '@nestjs/cache-manager'
import { Module } from '@nestjs/common'
import { Account } from './account.ts'
import { AccountController } from './account-controller.ts'
import { Archive } from './archive.ts'
import { ArticlesController } from './articles-controller.ts'
import { ArticlesService } from './articles-service.ts'
import { HealthController } from './health-controller.ts'
import { Settings } from './settings.ts'
import { SettingsModule } from './settings-module.ts'
import { Visits } from './visits.ts'

@Module({
  imports: [
    SettingsModule,
    DiskCacheModule.forRootAsync({
      isGlobal: true,
      imports: [SettingsModule],
      inject: [Settings],
      useFactory: ({ cacheDirectory }: Settings) => ({
        directory: cacheDirectory,
        sizeLimit: 256 * 1024 ** 2,
        tagIndex: true,
      }),
    }),
    CacheModule.registerAsync({
      isGlobal: true,
      inject: [getStoreToken()],
      useFactory: (store: AsyncStore) => ({
        ttl: 60_000,
        stores: [createKeyv(store, { namespace: 'cache-manager' })],
      }),
    }),
  ],
  controllers: [AccountController, ArticlesController, HealthController],
  providers: [Account, Archive, ArticlesService, Visits],
})
export class AppModule {}
