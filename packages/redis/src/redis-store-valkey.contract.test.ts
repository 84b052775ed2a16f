import { test } from 'vitest'
import { serverContract } from '../tests/servers/contract.ts'
import { describeWhole } from '../tests/servers/describe-redis.ts'
import { SERVER_PROGRAM } from '../tests/servers/redis-server.ts'

if (SERVER_PROGRAM === 'valkey-server') test.skip('Valkey: all other suites run on it')
else describeWhole('Valkey', () => serverContract('RedisStore on Valkey', 'valkey-server'), 'valkey-server')
