import { Script } from '../server/script.ts'

/**
 * Lets chunks live as long as their entry: `ARGV[1]`, in epoch milliseconds, or `none`: for ever. Those that were retired
 * meanwhile, since the entry was replaced at once, are left alone.
 */
export const KEEP_CHUNKS = new Script(`
if redis.call('HEXISTS', KEYS[1], 'retired') == 1 then return 0 end
if ARGV[1] == 'none' then return redis.call('PERSIST', KEYS[1]) end
return redis.call('PEXPIREAT', KEYS[1], ARGV[1])
`)
