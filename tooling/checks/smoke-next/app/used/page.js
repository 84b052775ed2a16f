import { cacheLife, cacheTag } from 'next/cache'
import { connection } from 'next/server'
import { made } from '../../made.js'

async function value() {
  'use cache'
  cacheTag('used')
  cacheLife('hours')
  return made()
}

export default async function Page() {
  await connection()
  return <p>{await value()}</p>
}
