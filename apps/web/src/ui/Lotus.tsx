/** The outline that stands over an empty place. Decorative. */
export function Lotus() {
  return (
    <svg
      width="72"
      height="52"
      viewBox="0 0 14 10"
      aria-hidden="true"
      fill="none"
      stroke="var(--line-2)"
      strokeWidth=".35"
    >
      <path d="M7 .5c1.7 2 1.7 5.4 0 8.6C5.3 5.9 5.3 2.5 7 .5zM6 8.9C3.2 8.6 1 6.6.6 3.6c2.3.5 4.4 2.2 5.4 5.3zM8 8.9c2.8-.3 5-2.3 5.4-5.3-2.3.5-4.4 2.2-5.4 5.3z" />
    </svg>
  )
}
