import type { Me } from '@dongbo/api/routes/me.ts'
import type { PlanView } from '@dongbo/api/routes/plan.ts'
import { trustedId, parseTaskId, type TaskId } from '@dongbo/model/ids.ts'
import { useEffect, useMemo, useRef, type ReactNode } from 'react'
import { SignInAgain } from '#features/saving/SignInAgain.tsx'
import { SearchDialog } from '#features/search/SearchDialog.tsx'
import { ShortcutsDialog } from '#features/shortcuts/ShortcutsDialog.tsx'
import { useLanguage, useText } from '#i18n/useText.ts'
import { useLive, type LiveDocument } from '#session/liveDocument.ts'
import { usePreferences } from '#session/preferences.ts'
import { cursorRecord } from '#session/presence.ts'
import { classNames } from '#ui/classNames.ts'
import { AddTaskDialog } from './AddTaskDialog.tsx'
import { columnsOf } from './columns.ts'
import { TaskDrawer } from './drawer/TaskDrawer.tsx'
import { CellEditors } from './edit/CellEditors.tsx'
import { contentWidth, metricsFor } from './grid/metrics.ts'
import { ScrollMap } from './grid/ScrollMap.tsx'
import { Sheet } from './grid/Sheet.tsx'
import { SheetCaption } from './grid/SheetCaption.tsx'
import { useMatrix, useSections, useTotals } from './MatrixContext.ts'
import { goTo, show, useMatrixState } from './matrixState.ts'
import { MatrixProvider } from './MatrixProvider.tsx'
import { CardList } from './phone/CardList.tsx'
import { RefusedDialog } from './RefusedDialog.tsx'
import { RemoteNews } from './RemoteNews.tsx'
import { Skeleton } from './Skeleton.tsx'
import { StatusBar } from './StatusBar.tsx'
import { Toolbar } from './Toolbar.tsx'
import { useActs } from './useActs.ts'
import { useScreenKeys } from './useScreenKeys.ts'
import { useWindowWidth } from './useWindowWidth.ts'
import styles from './MatrixScreen.module.css'

const css = classNames(styles)

export type MatrixDialog = 'search' | 'shortcuts' | 'add-task' | 'refused' | 'sign-in' | null

interface MatrixScreenProps {
  readonly me: Me
  readonly plan: PlanView
  readonly live: LiveDocument
  /** The task whose drawer is open, as the address says. */
  readonly drawerTask: string | undefined
  readonly onDrawer: (task: TaskId | null) => void
  readonly dialog: MatrixDialog
  readonly onDialog: (dialog: MatrixDialog) => void
}

/** The coordination matrix of a plan. */
export function MatrixScreen({ me, plan, live, ...rest }: MatrixScreenProps) {
  const loaded = useLive(live, (view) => view.loaded)
  const stopped = useLive(live, (view) => (view.save.at === 'stopped' ? view.save.because : null))
  const { onDialog } = rest
  useEffect(() => {
    if (stopped === 'signed-out') onDialog('sign-in')
  }, [stopped, onDialog])
  return (
    <MatrixProvider me={me} plan={plan} live={live}>
      {loaded ? <OpenMatrix {...rest} /> : <Skeleton live={live} />}
      <Dialogs {...rest} />
    </MatrixProvider>
  )
}

type PartProps = Omit<MatrixScreenProps, 'me' | 'plan' | 'live'>

function OpenMatrix({ drawerTask, onDrawer, onDialog }: PartProps) {
  const { me, bodies, today, live } = useMatrix()
  const t = useText()
  const language = useLanguage()
  const density = usePreferences((state) => state.density)
  const hideEmpty = useMatrixState((state) => state.hideEmpty)
  const place = useMatrixState((state) => state.place)
  const sheet = useRef<HTMLDivElement>(null)
  const width = useWindowWidth()
  const totals = useTotals()
  const sections = useSections()
  const acts = useActs(onDrawer)
  const metrics = useMemo(() => metricsFor(width, density), [width, density])
  const columns = useMemo(
    () => columnsOf({ bodies: [...bodies.values()], today, myBody: me.body.id, totals, hideEmpty, language }),
    [bodies, today, me, totals, hideEmpty, language],
  )
  const parsed = parseTaskId(drawerTask ?? '')
  const shownTask = parsed.ok ? parsed.value : null
  useScreenKeys(onDialog)

  useEffect(() => {
    if (place === null) return
    live.setCursor(cursorRecord({ task: place.line, column: place.column, typing: null }))
  }, [live, place])

  // One always stands somewhere: at first in one's own column of the first task.
  useEffect(() => {
    const first = sections.find((section) => section.taskIds.length > 0)?.taskIds[0]
    if (useMatrixState.getState().place !== null || first === undefined) return
    const place = { line: shownTask ?? first, column: 'title' } as const
    // Whoever has not gone anywhere yet can use the arrows at once.
    if (document.activeElement === document.body) goTo(place)
    else show(place)
  }, [sections, shownTask])

  if (width < 768) {
    return (
      <main className={css('screen', 'phone')}>
        <CardList acts={acts} />
        <StatusBar onShowRefused={() => onDialog('refused')} onSignInAgain={() => onDialog('sign-in')} />
      </main>
    )
  }
  return (
    <main className={css('screen')}>
      <Toolbar columns={columns} narrow={width < 1200} onAddTask={() => onDialog('add-task')} />
      <div className={css('main', shownTask !== null && width >= 1400 && 'withDrawer')}>
        <div className={css('sheetBox')}>
          <Sheet sheet={sheet} columns={columns} metrics={metrics} drawerTask={shownTask} onDrawer={onDrawer} />
          <SheetCaption columns={columns} metrics={metrics} />
          {sections.length === 0 ? <EmptyMatrix title={t('matrix.empty')}>{t('matrix.emptyHint')}</EmptyMatrix> : null}
        </div>
        <ScrollMap
          columns={columns}
          frozenWidth={metrics.frozenWidth}
          contentWidth={contentWidth(columns.list.length, metrics)}
          sheet={sheet}
        />
        {shownTask === null ? null : (
          <div className={css('drawerBox', width < 1400 && 'overlay')}>
            <TaskDrawer id={shownTask} onDrawer={onDrawer} />
          </div>
        )}
      </div>
      <StatusBar onShowRefused={() => onDialog('refused')} onSignInAgain={() => onDialog('sign-in')} />
      <CellEditors sheet={sheet} acts={acts} />
      <RemoteNews />
    </main>
  )
}

function EmptyMatrix({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={css('empty')}>
      <h2>{title}</h2>
      <p>{children}</p>
    </div>
  )
}

function Dialogs({ dialog, onDialog, onDrawer }: PartProps) {
  const { live, me } = useMatrix()
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
            const line = useMatrixState.getState().place?.line
            if (line !== undefined) goTo({ line, column: body })
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
