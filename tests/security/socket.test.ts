import { embeddedDatabase } from '@dongbo/testkit/databases.ts'
import { socketStory } from './socketStory.ts'

socketStory('the embedded database', embeddedDatabase)
