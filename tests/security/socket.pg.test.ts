import { postgresDatabase } from '@dongbo/testkit/databases.ts'
import { socketStory } from './socketStory.ts'

socketStory('PostgreSQL', postgresDatabase)
