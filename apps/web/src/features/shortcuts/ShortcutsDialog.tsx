import type { MessageId } from '#i18n/catalogue.ts'
import { useText } from '#i18n/useText.ts'
import { Dialog } from '#ui/Dialog.tsx'
import { classNames } from '#ui/classNames.ts'
import styles from './ShortcutsDialog.module.css'

const css = classNames(styles)

const SHORTCUTS: readonly (readonly [keys: readonly string[], does: MessageId])[] = [
  [['←', '↑', '→', '↓'], 'keys.move'],
  [['Ctrl', '← ↑ → ↓'], 'keys.edge'],
  [['Home', 'End'], 'keys.rowEnds'],
  [['Ctrl', 'Home', 'End'], 'keys.sheetEnds'],
  [['PgUp', 'PgDn'], 'keys.page'],
  [['Alt', 'PgUp', 'PgDn'], 'keys.pageSide'],
  [['C', 'P', 'D', 'B'], 'keys.roles'],
  [['1', '…', '9', '0'], 'keys.digits'],
  [['Shift', 'C', '…'], 'keys.addRole'],
  [['Del'], 'keys.clear'],
  [['Enter', 'F2'], 'keys.edit'],
  [['Space'], 'keys.drawer'],
  [['Ctrl', 'Z', 'Y'], 'keys.undo'],
  [['Ctrl', 'K'], 'keys.search'],
  [['Ctrl', '/'], 'keys.list'],
  [['Esc'], 'keys.escape'],
]

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  return (
    <Dialog wide title={t('keys.title')} closeLabel={t('app.close')} onClose={onClose}>
      <dl className={css('list')}>
        {SHORTCUTS.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(does)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
