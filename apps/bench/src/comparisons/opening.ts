import { Cache } from '@diskcache/cache'
import { openAndClose } from '../bare-database.ts'
import type { Comparison } from '../comparison.ts'
import { InProcess } from '../contender.ts'
import { atMost } from '../goal.ts'

/** Both are open nowhere else, so that closing them removes the write-ahead log and opening them makes it again. */
export const OPENING: Comparison = {
  operation: 'open and close',
  yardstick: 'open, prepare two statements, close',
  goal: atMost(3),
  calls: 20,
  start(stage) {
    const [cache, bare] = [stage.cache(), stage.bare()]
    cache.close()
    bare[Symbol.dispose]()
    const { directory } = cache
    return {
      subject: new InProcess({ call: () => new Cache(directory).close() }),
      yardstick: new InProcess({ call: () => openAndClose(bare.file) }),
    }
  },
}
