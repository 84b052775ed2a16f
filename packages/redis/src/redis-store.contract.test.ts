import { serverContract } from '../tests/servers/contract.ts'
import { describeRedis } from '../tests/servers/describe-redis.ts'

describeRedis('One server', () => serverContract('RedisStore'))
