import { useText } from '#i18n/useText.ts'
import { useLive, type LiveDocument } from '#session/liveDocument.ts'
import { Banner } from '#ui/Banner.tsx'
import { Button } from '#ui/Button.tsx'
import { classNames } from '#ui/classNames.ts'
import styles from './Skeleton.module.css'

const css = classNames(styles)
const WIDTHS = [78, 64, 86, 52, 70, 81, 60, 74, 56, 83, 67, 72]

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
      {WIDTHS.map((width) => (
        <div key={width} className={css('row')}>
          <i style={{ width: `${width * 2.4}px` }} />
          <i className={css('short')} />
          <i className={css('dot')} />
          <i className={css('dot')} />
          <i className={css('dot', 'far')} />
        </div>
      ))}
      <p>{t('matrix.loading')}</p>
    </div>
  )
}
