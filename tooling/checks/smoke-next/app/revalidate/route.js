import { revalidatePath, revalidateTag } from 'next/cache'

export async function POST(request) {
  const { tag, profile, path } = await request.json()
  if (tag !== undefined) revalidateTag(tag, profile)
  if (path !== undefined) revalidatePath(path)
  return Response.json('done')
}
