import { useText } from '#i18n/useText.ts'
import { useLive, type LiveDocument } from '#session/liveDocument.ts'
import { Banner } from '#ui/Banner.tsx'
import { Button } from '#ui/Button.tsx'
import { classNames } from '#ui/classNames.ts'
import { metricsFor } from './grid/metrics.ts'
import styles from './Skeleton.module.css'

const css = classNames(styles)
/** Widths of the titles, in per cent, and in which columns a chip stands: rows as uneven as real ones. */
const ROWS = [
  [78, 2, 9, 12],
  [64, 11, 12, 17],
  [86, 4, 9, 10],
  [52, 9, 12, 13],
  [70, 11, 12, 22],
  [81, 9, 10, 15],
  [60, 4, 11, 12],
  [74, 9, 11, 20],
  [56, 4, 11, 12],
  [83, 9, 10, 13],
  [67, 2, 11, 12],
  [72, 10, 12, 24],
] as const
const METRICS = metricsFor(1400, 'airy')

/** The matrix's own shape while it is being opened (not before 300 ms), or why it cannot be. */
export function Skeleton({ live }: { live: LiveDocument }) {
  const t = useText()
  const save = useLive(live, (view) => view.save)
  if (save.at === 'stopped' && save.because !== 'signed-out') {
    return (
      <div className={css('stopped')}>
        <Banner
          tone="error"
          announce
          title={t('save.stopped', { reason: t(`save.stop.${save.because}`) })}
          actions={<Button onClick={() => live.retry()}>{t('app.retry')}</Button>}
        >
          {null}
        </Banner>
      </div>
    )
  }
  return (
    <div className={css('skeleton')} aria-busy="true" aria-label={t('matrix.loading')}>
      <div className={css('band')} />
      {ROWS.map(([width, ...chips]) => (
        <div key={width} className={css('row')}>
          {METRICS.frozen.slice(1).map((column) => (
            <i key={column.id} style={{ left: column.left + 8, width: `${((column.width - 16) * width) / 100}px` }} />
          ))}
          {chips.map((column) => (
            <i
              key={column}
              className={css('dot')}
              style={{ left: METRICS.frozenWidth + column * METRICS.cellWidth + 4 }}
            />
          ))}
        </div>
      ))}
      <p>{t('matrix.loading')}</p>
    </div>
  )
}
