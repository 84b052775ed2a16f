import { Global, Module } from '@nestjs/common'
import { DiscoveryModule, DiscoveryService } from '@nestjs/core'
import { DiskCacheHealthIndicator } from './health-indicator.ts'
import { STORE_REGISTRY, StoreRegistry } from './store-registry.ts'
import { UseCheck } from './use-check.ts'

/**
 * What all modules of an application share. The module is global, so that decorated methods find their store in
 * whatever module they are; and Nest initializes global modules first, and shuts them down last.
 */
export class StoresModule {}

Global()(StoresModule)
Module({
  imports: [DiscoveryModule],
  providers: [
    { provide: STORE_REGISTRY, useFactory: () => new StoreRegistry() },
    {
      provide: UseCheck,
      useFactory: (discovery: DiscoveryService, registry: StoreRegistry) => new UseCheck(discovery, registry),
      inject: [DiscoveryService, STORE_REGISTRY],
    },
    {
      provide: DiskCacheHealthIndicator,
      useFactory: (registry: StoreRegistry) => new DiskCacheHealthIndicator(registry),
      inject: [STORE_REGISTRY],
    },
  ],
  exports: [STORE_REGISTRY, DiskCacheHealthIndicator],
})(StoresModule)
