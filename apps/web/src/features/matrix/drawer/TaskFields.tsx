import { RECURRENCES } from '@dongbo/model/matrix/fields.ts'
import type { PlainDate } from '@dongbo/model/plainDate.ts'
import { useLanguage, useText } from '#i18n/useText.ts'
import { setCompletedOn } from '#intents/moveStatus.ts'
import { setField } from '#intents/setField.ts'
import { classNames } from '#ui/classNames.ts'
import type { Row } from '#views/matrixView.ts'
import { daysLeft, longDate } from '../dates.ts'
import { DateField } from '../edit/DateField.tsx'
import { useMatrix } from '../MatrixContext.ts'
import { shownStatus } from '../shownStatus.ts'
import { SharedTextArea } from '../text/SharedTextArea.tsx'
import { Progress } from './Progress.tsx'
import styles from './TaskDrawer.module.css'

const css = classNames(styles)

/** The fields of a task: what I may write as fields, the rest as words. */
export function TaskFields({ row }: { row: Row }) {
  const t = useText()
  const { rights, writer } = useMatrix()
  const { task } = row
  const may = (field: Parameters<typeof rights.field>[1]): boolean => rights.field(task.id, field).allow
  return (
    <div className={css('fields')}>
      {may('deadline') ? (
        <div className={css('pair')}>
          <DateField
            label={t('drawer.deadline')}
            value={task.deadline}
            onChange={(date) => setField(writer, task.id, 'deadline', date)}
          />
          <DateField
            label={t('drawer.startDate')}
            value={task.startDate}
            onChange={(date) => setField(writer, task.id, 'startDate', date)}
          />
        </div>
      ) : (
        <ReadField label={t('drawer.deadline')}>
          <Deadline row={row} />
        </ReadField>
      )}
      <TextOrWords row={row} field="productVi" label={t('drawer.product')} />
      <Progress task={task} writable={may('progressPct')} />
      <TextOrWords row={row} field="resultVi" label={t('drawer.result')} />
      {may('completedOn') &&
      (task.status === 'submitted' || task.status === 'accepted' || task.completedOn !== null) ? (
        <DateField
          label={t('drawer.completedOn')}
          value={task.completedOn}
          onChange={(date) => setCompletedOn(writer, task.id, date)}
        />
      ) : (
        <CompletedOn date={task.completedOn} />
      )}
      <TextOrWords row={row} field="noteVi" label={t('drawer.note')} />
      <details className={css('further')}>
        <summary>{t('drawer.further')}</summary>
        <div className={css('fields')}>
          {may('recurrence') ? (
            <label className={css('select')}>
              {t('drawer.recurrence')}
              <select
                value={task.recurrence ?? ''}
                onChange={(event) => {
                  const chosen = RECURRENCES.find((one) => one === event.target.value) ?? null
                  setField(writer, task.id, 'recurrence', chosen)
                }}
              >
                <option value="">—</option>
                {RECURRENCES.map((recurrence) => (
                  <option key={recurrence} value={recurrence}>
                    {t(`drawer.recurrence.${recurrence}`)}
                  </option>
                ))}
              </select>
            </label>
          ) : task.recurrence === null ? null : (
            <ReadField label={t('drawer.recurrence')}>{t(`drawer.recurrence.${task.recurrence}`)}</ReadField>
          )}
          {task.productEn !== '' || may('productEn') ? (
            <TextOrWords row={row} field="productEn" label={t('drawer.productEn')} />
          ) : null}
          {task.quantity === null ? null : (
            <ReadField label={t('drawer.quantity')}>
              {task.quantity.toLocaleString('vi-VN')} {task.unitVi}
            </ReadField>
          )}
          <TextOrWords row={row} field="titleEn" label={t('drawer.titleEn')} />
        </div>
      </details>
    </div>
  )
}

function CompletedOn({ date }: { date: PlainDate | null }) {
  const t = useText()
  const language = useLanguage()
  return date === null ? null : <ReadField label={t('drawer.completedOn')}>{longDate(date, language)}</ReadField>
}

/** The deadline in full, and how many days are left or how many it is late. */
function Deadline({ row: { task } }: { row: Row }) {
  const t = useText()
  const language = useLanguage()
  const { today } = useMatrix()
  if (task.deadline === null) return <>{t('matrix.noDeadline')}</>
  const left = daysLeft(task.deadline, today)
  const settled = task.status === 'accepted' || task.status === 'cancelled'
  return (
    <>
      {longDate(task.deadline, language)}
      {settled ? null : (
        <span className={css(shownStatus(task, today) === 'overdue' ? 'late' : 'quiet')}>
          {' · '}
          {left >= 0 ? t('drawer.daysLeft', { days: left }) : t('drawer.daysLate', { days: -left })}
        </span>
      )}
    </>
  )
}

interface TextOrWordsProps {
  readonly row: Row
  readonly field: 'titleEn' | 'productVi' | 'productEn' | 'resultVi' | 'noteVi'
  readonly label: string
}

function TextOrWords({ row: { task }, field, label }: TextOrWordsProps) {
  const { rights } = useMatrix()
  if (rights.field(task.id, field).allow) return <SharedTextArea task={task.id} field={field} label={label} />
  return task[field] === '' ? null : <ReadField label={label}>{task[field]}</ReadField>
}

function ReadField({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className={css('read')}>
      <span>{label}</span>
      <p>{children}</p>
    </div>
  )
}
