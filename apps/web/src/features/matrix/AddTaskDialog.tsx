import { NEW_TASK } from '@dongbo/model/matrix/read.ts'
import type { GroupId, TaskId } from '@dongbo/model/ids.ts'
import { useId, useState, type FormEvent } from 'react'
import { useLanguage, useText } from '#i18n/useText.ts'
import { addTaskToGroup } from '#intents/addTaskToGroup.ts'
import { browserClock, browserRandom } from '#session/clock.ts'
import { Button } from '#ui/Button.tsx'
import { classNames } from '#ui/classNames.ts'
import { Dialog, DialogActions } from '#ui/Dialog.tsx'
import { TextField } from '#ui/Field.tsx'
import { useMatrix, useSections } from './MatrixContext.ts'
import { useMatrixState } from './matrixState.ts'
import { nextCode, romanNumeral } from './numeral.ts'
import styles from './MatrixScreen.module.css'

const css = classNames(styles)

interface AddTaskDialogProps {
  readonly onClose: () => void
  readonly onAdded: (task: TaskId) => void
}

/** A new draft task: its section (the one of the current row to begin with), its number, its title. */
export function AddTaskDialog({ onClose, onAdded }: AddTaskDialogProps) {
  const t = useText()
  const language = useLanguage()
  const id = useId()
  const { view, writer, live } = useMatrix()
  const sections = useSections()
  const line = useMatrixState((state) => state.place?.line)
  const here = view.row(line as TaskId)?.task.groupId ?? (line as GroupId | undefined)
  const [groupId, setGroupId] = useState(
    () => sections.find((section) => section.group.id === here)?.group.id ?? sections[0]?.group.id,
  )
  const [title, setTitle] = useState('')
  const [checked, setChecked] = useState(false)
  const index = sections.findIndex((section) => section.group.id === groupId)
  const section = sections[index]
  const numeral = romanNumeral(index + 1)
  const codes = section?.taskIds.map((task) => view.row(task)?.task.code ?? '') ?? []
  const code = nextCode(numeral, codes)
  const titleMissing = title.trim() === ''

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    setChecked(true)
    if (titleMissing || section === undefined) return
    live.view.undo.stopCapturing()
    const clock = { clock: browserClock, random: browserRandom }
    onAdded(addTaskToGroup(writer, { groupId: section.group.id, code, titleVi: title.trim() }, clock))
  }
  return (
    <Dialog title={t('addTask.title')} closeLabel={t('app.close')} onClose={onClose}>
      <form noValidate onSubmit={onSubmit}>
        <label className={css('label')} htmlFor={id}>
          {t('addTask.group')}
        </label>
        <select
          id={id}
          className={css('select')}
          value={groupId}
          onChange={(event) => setGroupId(event.target.value as GroupId)}
        >
          {sections.map(({ group }, number) => (
            <option key={group.id} value={group.id}>
              {romanNumeral(number + 1)}. {language === 'en' ? group.nameEn || group.nameVi : group.nameVi}
            </option>
          ))}
        </select>
        <TextField
          label={`${code} · ${t('addTask.name')}`}
          value={title}
          placeholder={t('addTask.namePlaceholder')}
          data-autofocus
          error={checked && titleMissing ? t('addTask.nameMissing') : undefined}
          hint={t(`status.${NEW_TASK.status}`)}
          onChange={(event) => setTitle(event.target.value)}
        />
        <DialogActions>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button look="primary" icon="plus" type="submit">
            {t('addTask.submit', { numeral })}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
