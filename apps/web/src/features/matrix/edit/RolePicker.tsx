import type { BodyId, TaskId } from '@dongbo/model/ids.ts'
import type { Role } from '@dongbo/model/role.ts'
import { useEffect, useRef, type KeyboardEvent, type RefObject } from 'react'
import { shortName } from '#features/body/bodyName.ts'
import { useLanguage, useText } from '#i18n/useText.ts'
import { classNames } from '#ui/classNames.ts'
import { Icon } from '#ui/Icon.tsx'
import { ROLE_KEYS, roleOf } from '../grid/keys.ts'
import { useMatrix, useRow } from '../MatrixContext.ts'
import type { Place } from '../matrixState.ts'
import { RoleChip } from '../RoleChip.tsx'
import type { Acts } from '../useActs.ts'
import { reason } from '../words.ts'
import { CellPopover, leave } from './CellPopover.tsx'
import styles from './CellPopover.module.css'

const css = classNames(styles)

/** In the order of their keys. */
const BY_KEY = Object.entries(ROLE_KEYS).map(([role, keys]) => ({ role: role as Role, ...keys }))

interface RolePickerProps {
  readonly sheet: RefObject<HTMLDivElement | null>
  readonly place: Place
  readonly acts: Acts
}

/** The ten roles at a cell: those I may give with their keys, the others with the reason why not. */
export function RolePicker({ sheet, place, acts }: RolePickerProps) {
  const t = useText()
  const language = useLanguage()
  const { rights, bodies } = useMatrix()
  const list = useRef<HTMLDivElement>(null)
  const [task, bodyId] = [place.line as TaskId, place.column as BodyId]
  const row = useRow(task)
  const body = bodies.get(bodyId)

  useEffect(() => {
    const options = [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitemcheckbox]') ?? [])]
    const first =
      options.find((option) => option.ariaChecked === 'true') ??
      options.find((option) => option.ariaDisabled !== 'true')
    first?.focus()
  }, [])

  if (row === null || body === undefined) return null
  const held = row.roles.get(bodyId) ?? []
  const name = shortName(body, language)
  const choices = BY_KEY.map((key) => ({
    ...key,
    why: reason(rights.role(task, bodyId, key.role), language, bodies, { lead: row.task.lead, body: bodyId }),
  }))
  const reasons = [...new Set(choices.flatMap(({ why }) => (why === null ? [] : [why])))]
  const leader = row.task.lead === null ? undefined : bodies.get(row.task.lead)
  const mayLead = choices.some(({ role, why }) => role === 'lead' && why === null)

  const choose = (role: Role, keepOthers: boolean): void => {
    leave(sheet.current, place)
    acts.give(task, bodyId, role, keepOthers)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const { nativeEvent: native } = event
    if (native.isComposing) return
    const role = native.ctrlKey || native.metaKey ? null : roleOf({ code: native.code, shift: native.shiftKey })
    if (role !== null) {
      event.preventDefault()
      choose(role.role, role.keepOthers)
    } else if (native.code === 'Delete' || native.code === 'Backspace') {
      leave(sheet.current, place)
      acts.clear(task, bodyId)
    } else if (native.code === 'ArrowDown' || native.code === 'ArrowUp') {
      event.preventDefault()
      const options = [...(list.current?.querySelectorAll<HTMLElement>('button') ?? [])]
      const at = options.indexOf(document.activeElement as HTMLElement)
      options.at((at + (native.code === 'ArrowDown' ? 1 : -1)) % options.length)?.focus()
    } else if (native.code === 'Tab') {
      event.preventDefault()
      leave(sheet.current, place)
    }
  }
  const title = t('picker.title', { body: name, code: row.task.code })
  return (
    <CellPopover sheet={sheet} place={place} label={title} width={252}>
      <p className={css('title')}>{title}</p>
      <div ref={list} role="menu" aria-label={title} onKeyDown={onKeyDown}>
        {choices.map(({ role, digit, letter, why }) => (
          <button
            key={role}
            type="button"
            role="menuitemcheckbox"
            aria-checked={held.includes(role)}
            aria-disabled={why !== null}
            aria-description={why ?? undefined}
            title={why ?? undefined}
            tabIndex={-1}
            className={css('option', held.includes(role) && 'held')}
            onClick={(event) => {
              if (why === null) choose(role, event.shiftKey)
            }}
          >
            <span className={css('slot')}>
              <RoleChip role={role} />
            </span>
            {t(`role.${role}`)}
            <span className={css('keys')}>
              {why === null ? (
                <>
                  {letter === null ? null : <kbd>{letter}</kbd>}
                  <kbd>{digit}</kbd>
                </>
              ) : (
                <Icon name="lock" size={13} />
              )}
            </span>
          </button>
        ))}
        <button
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={css('option', 'clear')}
          onClick={() => {
            leave(sheet.current, place)
            acts.clear(task, bodyId)
          }}
        >
          <span className={css('slot')} />
          {t('picker.clear')}
          <span className={css('keys')}>
            <kbd>Del</kbd>
          </span>
        </button>
      </div>
      {leader !== undefined && leader.id !== bodyId && mayLead ? (
        <p className={css('note')}>{t('picker.leadNow', { body: shortName(leader, language) })}</p>
      ) : null}
      {reasons.map((why) => (
        <p key={why} className={css('note')}>
          {why}
        </p>
      ))}
      <p className={css('note')}>{t('picker.alsoHint')}</p>
    </CellPopover>
  )
}
