import { defineConfig } from 'oxlint'
import { layerOverrides } from './infra/lint/layers.ts'

const CLOCK = 'Time comes in as a Clock (packages/kernel/src/clock.ts), so that tests can hold it still.'
const CHANCE = 'Chance comes in as a Random (packages/kernel/src/random.ts), so that a seed can replay a run.'

const TIMERS = ['setTimeout', 'setInterval'].map((name) => ({ name, message: CLOCK }))
const OUTSIDE_WORLD = ['fetch', 'WebSocket', 'localStorage', 'sessionStorage', 'indexedDB'].map((name) => ({
  name,
  message: "The browser's doors to the outside are in #session.",
}))

/** Where the world is put together: real clocks, real chance, real timers. */
const COMPOSITION = [
  'apps/server/src/*.ts',
  'apps/server/src/compose/**',
  'apps/web/src/app/**',
  'apps/web/src/session/**',
  'apps/web/vite.config.ts',
  'packages/kernel/src/**',
  'packages/testkit/src/**',
  'infra/**',
  'tests/**',
  '**/*.test.{ts,tsx}',
  '*.config.ts',
]

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'react', 'jsx-a11y', 'promise', 'vitest'],
  categories: { correctness: 'error' },
  options: { typeAware: true, reportUnusedDisableDirectives: 'error' },
  env: { builtin: true, es2024: true },
  ignorePatterns: ['**/dist/**', '**/node_modules/**', 'packages/db/drizzle/**'],
  rules: {
    'eslint/eqeqeq': 'error',
    'eslint/max-lines': ['error', { max: 400 }],
    'eslint/no-console': 'error',
    'eslint/no-var': 'error',
    'eslint/prefer-const': 'error',
    // A map is emptied while it is walked: the copy is the point.
    'unicorn/no-useless-spread': 'off',
    // Our objects are closures: a method of theirs needs no `this`.
    'typescript/unbound-method': 'off',
    // Values out of a Y type are `unknown` to the checker although they are strings.
    'typescript/no-base-to-string': 'off',
    // Made for the React Compiler, which this project does not use: a scroll position is set where it must be, and a
    // subscription hands out what it made.
    'react/immutability': 'off',
    'react/incompatible-library': 'off',
    'react/preserve-manual-memoization': 'off',
    'react/refs': 'off',
    'react/set-state-in-effect': 'off',
    'react/rules-of-hooks': 'error',
    // The grid, the menus and the pickers are composite widgets: one element has the keys and the focus for all their
    // items, and no HTML element is one. axe looks at the result (tests/e2e).
    'jsx-a11y/click-events-have-key-events': 'off',
    'jsx-a11y/interactive-supports-focus': 'off',
    'jsx-a11y/no-autofocus': 'off',
    'jsx-a11y/no-noninteractive-element-interactions': 'off',
    'jsx-a11y/no-noninteractive-element-to-interactive-role': 'off',
    'jsx-a11y/prefer-tag-over-role': 'off',
    // Does not know that a gridcell may be read-only (ARIA 1.2).
    'jsx-a11y/role-supports-aria-props': 'off',
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'typescript/await-thenable': 'error',
    'typescript/ban-ts-comment': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    // A union is narrowed by its tag before its fields are looked at; the tag itself is expected first.
    'vitest/no-conditional-expect': 'off',
    'vitest/require-to-throw-message': 'off',
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
    'vitest/no-disabled-tests': 'error',
    'vitest/no-focused-tests': 'error',
    'eslint/no-restricted-globals': ['error', ...TIMERS],
    'eslint/no-restricted-properties': [
      'error',
      { object: 'Date', property: 'now', message: CLOCK },
      { object: 'performance', property: 'now', message: CLOCK },
      { object: 'Math', property: 'random', message: CHANCE },
      { object: 'crypto', property: 'randomUUID', message: CHANCE },
    ],
  },
  overrides: [
    {
      files: ['apps/web/src/{features,intents,views,ui,i18n}/**'],
      rules: { 'eslint/no-restricted-globals': ['error', ...TIMERS, ...OUTSIDE_WORLD] },
    },
    {
      files: COMPOSITION,
      rules: { 'eslint/no-restricted-globals': 'off', 'eslint/no-restricted-properties': 'off' },
    },
    {
      files: [
        'apps/server/src/*.ts',
        'apps/server/src/compose/**',
        'infra/**',
        'tests/faults/**',
        'tests/load/**',
        'tests/convergence/simulate.ts',
        'tests/e2e/picture.ts',
        'tests/security/fuzz.ts',
      ],
      rules: { 'eslint/no-console': 'off' },
    },
    {
      files: ['*.config.ts', 'apps/*/*.config.ts', 'packages/*/*.config.ts', 'infra/run/require*.ts'],
      rules: { 'import/no-default-export': 'off' },
    },
    ...layerOverrides(),
  ],
})
