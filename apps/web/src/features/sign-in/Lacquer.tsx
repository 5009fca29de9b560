import type { BodyKind } from '@dongbo/model/body.ts'
import { COLUMN_KINDS, columnKind } from '@dongbo/model/body.ts'
import { useText } from '#i18n/useText.ts'
import { classNames } from '#ui/classNames.ts'
import { kindShape } from '#ui/KindMark.tsx'
import { Mark } from '#ui/Mark.tsx'
import styles from './Lacquer.module.css'
import { at, wheel } from './wheel.ts'

const css = classNames(styles)
const PETAL_ANGLES = [22.5, 67.5, 112.5, 157.5, 202.5, 247.5, 292.5, 337.5]

/** The lacquer panel: one spoke for each body that may sign in, one of them red. */
export function Lacquer({ bodies }: { bodies: readonly { readonly kind: BodyKind }[] }) {
  const t = useText()
  const counts = COLUMN_KINDS.map((kind) => ({
    kind,
    count: bodies.filter((body) => columnKind(body) === kind).length,
  }))
  const { spokes, arcs } = wheel(counts)
  return (
    <section className={css('panel')} aria-hidden="true">
      <div className={css('name')}>
        <Mark size={44} />
        <b>{t('app.name')}</b>
      </div>
      <Corner className={css('corner', 'topRight')} />
      <Corner className={css('corner', 'bottomLeft')} />
      <Corner className={css('corner', 'bottomRight')} />
      <svg className={css('wheel')} viewBox="-284 -284 568 568">
        <g fill="none" stroke="#C9A45A">
          <rect x="-283.5" y="-283.5" width="567" height="567" opacity=".45" />
          <circle r="237" strokeWidth=".9" opacity=".65" />
          <circle r="64" strokeWidth="1.6" />
        </g>
        {spokes.map(({ angle, lead }) => (
          <SpokeLine key={angle} angle={angle} lead={lead} />
        ))}
        {arcs.map(({ kind, from, to }) => {
          const [start, end] = [at(226, from), at(226, to)]
          const middle = at(268, (from + to) / 2)
          return (
            <g key={kind}>
              <path
                d={`M${start.x} ${start.y}A226 226 0 ${to - from > Math.PI ? 1 : 0} 1 ${end.x} ${end.y}`}
                fill="none"
                stroke="#C9A45A"
                strokeWidth="2.4"
              />
              <path
                d={kindShape(kind)}
                fill="#F1C56A"
                fillRule="evenodd"
                transform={`translate(${middle.x - 9} ${middle.y - 9}) scale(1.5)`}
              />
            </g>
          )
        })}
        {PETAL_ANGLES.map((angle) => (
          <path
            key={angle}
            d="M0-58C16-42 16-22 0-4-16-22-16-42 0-58z"
            transform={`rotate(${angle})`}
            fill="none"
            stroke="#C9A45A"
            strokeWidth="1.3"
            opacity=".9"
          />
        ))}
        <circle r="6" fill="#D4493B" />
      </svg>
      <p className={css('caption')}>{bodies.length > 0 ? t('signIn.caption', { count: bodies.length }) : ' '}</p>
      <p className={css('motto')}>
        <span>{t('signIn.motto1')}</span>
        <span>{t('signIn.motto2')}</span>
        <b>{t('signIn.motto3')}</b>
        <span>{t('signIn.motto4')}</span>
        <span>{t('signIn.motto5')}</span>
      </p>
    </section>
  )
}

function SpokeLine({ angle, lead }: { angle: number; lead: boolean }) {
  const from = at(66, angle)
  const to = at(lead ? 236 : 205, angle)
  const dot = at(214, angle)
  return (
    <g>
      <line
        x1={from.x}
        y1={from.y}
        x2={to.x}
        y2={to.y}
        stroke={lead ? '#D4493B' : '#C9A45A'}
        strokeWidth={lead ? 6 : 1.7}
        strokeLinecap="round"
      />
      {lead ? null : <circle cx={dot.x} cy={dot.y} r="2.8" fill="#E2B04A" />}
    </g>
  )
}

function Corner({ className }: { className: string }) {
  return (
    <svg className={className} viewBox="-1 -1 56 56" width="56" height="56">
      <path d="M0 54V0h54M0 40h14V14h26V0M14 27h13V14" fill="none" stroke="#8a6d36" strokeWidth="1.4" />
    </svg>
  )
}
