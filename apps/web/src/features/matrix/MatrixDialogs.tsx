import { trustedId, type TaskId } from '@dongbo/model/ids.ts'
import { SignInAgain } from '#features/saving/SignInAgain.tsx'
import { SearchDialog } from '#features/search/SearchDialog.tsx'
import { ShortcutsDialog } from '#features/shortcuts/ShortcutsDialog.tsx'
import { useLive } from '#session/liveDocument.ts'
import { AddTaskDialog } from './AddTaskDialog.tsx'
import { useMatrix } from './MatrixContext.ts'
import { goTo, useMatrixState } from './matrixState.ts'
import { QueueDialog } from './QueueDialog.tsx'
import { RefusedDialog } from './RefusedDialog.tsx'

export type MatrixDialog = 'search' | 'shortcuts' | 'add-task' | 'queue' | 'refused' | 'sign-in' | null

interface MatrixDialogsProps {
  readonly dialog: MatrixDialog
  readonly onDialog: (dialog: MatrixDialog) => void
  readonly onDrawer: (task: TaskId | null) => void
}

/** The one dialog that is open over the matrix, if any. */
export function MatrixDialogs({ dialog, onDialog, onDrawer }: MatrixDialogsProps) {
  const { live, me, view } = useMatrix()
  const close = (): void => onDialog(null)
  const save = useLive(live, (view) => view.save)
  switch (dialog) {
    case 'search':
      return (
        <SearchDialog
          onClose={close}
          onTask={(task) => {
            close()
            goTo({ line: trustedId<TaskId>(task), column: 'title' })
          }}
          onBody={(body) => {
            close()
            const { place } = useMatrixState.getState()
            if (!view.totals().byBody.has(body)) useMatrixState.setState({ hideEmpty: false })
            if (place !== null) goTo({ line: place.line, column: body })
          }}
        />
      )
    case 'shortcuts':
      return <ShortcutsDialog onClose={close} />
    case 'add-task':
      return (
        <AddTaskDialog
          onClose={close}
          onAdded={(task) => {
            close()
            goTo({ line: task, column: 'title' })
            onDrawer(task)
          }}
        />
      )
    case 'queue':
      return <QueueDialog onClose={close} />
    case 'refused':
      return <RefusedDialog onClose={close} />
    case 'sign-in':
      return (
        <SignInAgain
          email={me.person.email}
          waiting={save.at === 'stopped' ? save.waiting : 0}
          onClose={close}
          onSignedIn={(now) => {
            // Somebody else's rights and drafts are not mine to go on with.
            if (now.person.id !== me.person.id) {
              location.reload()
              return
            }
            close()
            live.retry()
          }}
        />
      )
    case null:
      return null
  }
}
