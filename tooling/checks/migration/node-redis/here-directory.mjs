import { Cache } from '@diskcache/cache'

const store = new Cache('cache-directory').promises

export { store }
