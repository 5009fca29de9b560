import { ulid } from '@dongbo/kernel/ulid.ts'
import type { Clock } from '@dongbo/kernel/clock.ts'
import type { Random } from '@dongbo/kernel/random.ts'
import { trustedId, type GroupId, type TaskId } from '@dongbo/model/ids.ts'
import { addTask } from '@dongbo/model/matrix/operations/addTask.ts'
import type { Writer } from './writer.ts'

/** Adds a draft task at the end of a section and returns its id. */
export function addTaskToGroup(
  writer: Writer,
  task: { readonly groupId: GroupId; readonly code: string; readonly titleVi: string },
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): TaskId {
  const id = trustedId<TaskId>(ulid(clock.now(), random))
  const { groupId, code, titleVi } = task
  addTask(writer.matrix, { id, groupId, values: { code }, texts: { titleVi } }, writer.origin)
  return id
}
