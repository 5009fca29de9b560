import { EMBEDDED } from './engines.ts'
import { killStory } from './killStory.ts'

killStory('row 1', EMBEDDED, 50, 5_000)
