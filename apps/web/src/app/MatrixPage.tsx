import { matrixOf } from '@dongbo/model/documentName.ts'
import { trustedId, type PlanId, type TaskId } from '@dongbo/model/ids.ts'
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import type { MatrixDialog } from '#features/matrix/MatrixDialogs.tsx'
import { MatrixScreen } from '#features/matrix/MatrixScreen.tsx'
import { resetMatrixState } from '#features/matrix/matrixState.ts'
import { useLanguage, useText } from '#i18n/useText.ts'
import { useLiveDocument } from '#session/liveDocument.ts'
import { Shell } from './shell/Shell.tsx'

const route = getRouteApi('/signed-in/plans/$planId/matrix')

export function MatrixPage() {
  const t = useText()
  const language = useLanguage()
  const { me, plan } = route.useLoaderData()
  const { task } = route.useSearch()
  const navigate = route.useNavigate()
  const [dialog, setDialog] = useState<MatrixDialog>(null)
  const live = useLiveDocument(matrixOf(trustedId<PlanId>(plan.id)), me.person.id)
  const title = language === 'en' ? plan.titleEn : plan.titleVi

  useEffect(() => {
    document.title = t('matrix.documentTitle', { plan: title })
  }, [t, title])
  useEffect(() => resetMatrixState, [plan.id])

  const onDrawer = useCallback(
    (id: TaskId | null) => void navigate({ search: id === null ? {} : { task: id }, replace: true }),
    [navigate],
  )
  return (
    <Shell
      me={me}
      plan={plan}
      live={live}
      onSearch={() => setDialog('search')}
      onShortcuts={() => setDialog('shortcuts')}
    >
      {live === null ? null : (
        <MatrixScreen
          me={me}
          plan={plan}
          live={live}
          drawerTask={task}
          onDrawer={onDrawer}
          dialog={dialog}
          onDialog={setDialog}
        />
      )}
    </Shell>
  )
}
