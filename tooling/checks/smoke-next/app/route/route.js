import { made } from '../../made.js'

export const dynamic = 'force-static'
export const revalidate = 3600

export function GET() {
  return new Response(made())
}
