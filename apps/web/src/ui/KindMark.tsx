import './icon.css'

/** The five families of the palette: each has a colour (`k-*` scope) and a silhouette, so that colour is never alone. */
export type KindScope = 'tw' | 'tp' | 'dp' | 'dt' | 'bc'

const SHAPES: Readonly<Record<KindScope, string>> = {
  tw: 'M6 .6 10.9 3.3v5.4L6 11.4 1.1 8.7V3.3z',
  tp: 'M6 .7a5.3 5.3 0 1 0 0 10.6A5.3 5.3 0 0 0 6 .7zm0 2.4a2.9 2.9 0 1 1 0 5.8 2.9 2.9 0 0 1 0-5.8z',
  dp: 'M6 1 11.6 7H9.4v4H2.6V7H.4z',
  dt: 'M6 .5C9.4 3.8 10 7.4 6 11.5 2 7.4 2.6 3.8 6 .5z',
  bc: 'M1 1h4.2v10H1zM6.8 1H11v10H6.8z',
}

export function kindShape(kind: KindScope): string {
  return SHAPES[kind]
}

/** Hexagon, ring, roof, petal or two columns in the kind's colour. Decorative: the name stands beside it. */
export function KindMark({ kind, size = 12 }: { kind: KindScope; size?: number }) {
  return (
    <svg className={`kind-mark k-${kind}`} viewBox="0 0 12 12" width={size} height={size} aria-hidden="true">
      <path d={SHAPES[kind]} fill="currentColor" fillRule="evenodd" />
    </svg>
  )
}
