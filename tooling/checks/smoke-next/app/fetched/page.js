export const dynamic = 'force-dynamic'

export default async function Page() {
  const response = await fetch(process.env.ORIGIN, { cache: 'force-cache', next: { tags: ['fetched'] } })
  return <p>{await response.text()}</p>
}
