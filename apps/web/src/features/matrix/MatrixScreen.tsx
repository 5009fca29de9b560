import type { Me } from '@dongbo/api/routes/me.ts'
import type { PlanView } from '@dongbo/api/routes/plan.ts'
import { parseTaskId, type TaskId } from '@dongbo/model/ids.ts'
import { useEffect, useMemo, useRef, type ReactNode } from 'react'
import { useLeaveWarning } from '#features/saving/useLeaveWarning.ts'
import { useLanguage, useText } from '#i18n/useText.ts'
import { useLive, type LiveDocument } from '#session/liveDocument.ts'
import { usePreferences } from '#session/preferences.ts'
import { cursorRecord } from '#session/presence.ts'
import { classNames } from '#ui/classNames.ts'
import { columnsOf } from './columns.ts'
import { TaskDrawer } from './drawer/TaskDrawer.tsx'
import { CellEditors } from './edit/CellEditors.tsx'
import { contentWidth, metricsFor } from './grid/metrics.ts'
import { ScrollMap } from './grid/ScrollMap.tsx'
import { Sheet } from './grid/Sheet.tsx'
import { SheetCaption } from './grid/SheetCaption.tsx'
import { useMatrix, useSections, useTotals } from './MatrixContext.ts'
import { enterAt, useMatrixState } from './matrixState.ts'
import { MatrixDialogs, type MatrixDialog } from './MatrixDialogs.tsx'
import { MatrixProvider } from './MatrixProvider.tsx'
import { CardList } from './phone/CardList.tsx'
import { RemoteNews } from './RemoteNews.tsx'
import { Skeleton } from './Skeleton.tsx'
import { StatusBar } from './StatusBar.tsx'
import { Toolbar } from './Toolbar.tsx'
import { useActs } from './useActs.ts'
import { useScreenKeys } from './useScreenKeys.ts'
import { useWindowWidth } from './useWindowWidth.ts'
import styles from './MatrixScreen.module.css'

const css = classNames(styles)

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
  useLeaveWarning(live)
  useEffect(() => {
    if (stopped === 'signed-out') onDialog('sign-in')
  }, [stopped, onDialog])
  return (
    <MatrixProvider me={me} plan={plan} live={live}>
      {loaded ? <OpenMatrix {...rest} /> : <Skeleton live={live} />}
      <MatrixDialogs {...rest} />
    </MatrixProvider>
  )
}

type PartProps = Omit<MatrixScreenProps, 'me' | 'plan' | 'live'>

function OpenMatrix({ drawerTask, onDrawer, onDialog }: PartProps) {
  const { me, bodies, today, live, view } = useMatrix()
  const t = useText()
  const language = useLanguage()
  const density = usePreferences((state) => state.density)
  const hideEmpty = useMatrixState((state) => state.hideEmpty)
  const place = useMatrixState((state) => state.place)
  const isChosen = useMatrixState((state) => state.isChosen)
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
    if (place === null || !isChosen) return
    live.setCursor(cursorRecord({ task: place.line, column: place.column, typing: null }))
  }, [live, place, isChosen])

  // An open drawer follows the current row.
  const line = place?.line
  useEffect(() => {
    if (shownTask === null || line === undefined || line === shownTask || view.row(line as TaskId) === null) return
    onDrawer(line as TaskId)
    // Only a move of the current row moves the drawer: its own buttons move both.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [line])

  // One always stands somewhere: at first in one's own column of the first task.
  useEffect(() => {
    const first = sections.find((section) => section.taskIds.length > 0)?.taskIds[0]
    if (useMatrixState.getState().place !== null || first === undefined) return
    // Whoever has the focus nowhere yet can use the arrows at once.
    enterAt({ line: shownTask ?? first, column: 'title' }, document.activeElement === document.body)
  }, [sections, shownTask])

  if (width < 768) {
    return (
      <main className={css('screen', 'phone')}>
        <CardList acts={acts} />
        <StatusBar onDialog={onDialog} />
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
      <StatusBar onDialog={onDialog} />
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
