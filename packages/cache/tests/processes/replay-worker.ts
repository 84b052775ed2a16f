import { type ReplayJob, replay } from './replay.ts'
import { role } from './role.ts'

role<ReplayJob, number>((job) => replay(job))
