import { join } from 'node:path'
import { Injectable } from '@nestjs/common'

/** What the environment says. */
@Injectable()
export class Settings {
  readonly port = Number(process.env.PORT ?? 3_000)
  readonly cacheDirectory = process.env.CACHE_DIRECTORY ?? join('data', 'cache')
  readonly dataDirectory = process.env.DATA_DIRECTORY ?? 'data'
  /** How long a query takes, in milliseconds. */
  readonly queryTime = Number(process.env.QUERY_TIME ?? 100)
}
