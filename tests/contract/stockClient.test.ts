import { connectInMemory } from '@dongbo/db/connect.ts'
import { stockClientStory } from './stockClientStory.ts'

stockClientStory('PGlite', connectInMemory)
