/** Tells which process computed the square. */
const square = defineCachedFunction(async (n: number) => ({ square: n * n, by: process.pid }), {
  name: 'square',
  getKey: String,
  maxAge: 60,
})

export default defineEventHandler((event) => square(Number(getQuery(event).n)))
