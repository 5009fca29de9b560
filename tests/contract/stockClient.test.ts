import { embeddedDatabase } from '@dongbo/testkit/databases.ts'
import { stockClientStory } from './stockClientStory.ts'

stockClientStory('PGlite', embeddedDatabase)
