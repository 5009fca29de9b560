import { POSTGRES } from './engines.ts'
import { killStory } from './killStory.ts'

killStory('row 2', POSTGRES, 50, 3_000)
