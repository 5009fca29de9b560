import { postgresDatabase } from '@dongbo/testkit/databases.ts'
import { stockClientStory } from './stockClientStory.ts'

stockClientStory('PostgreSQL', postgresDatabase)
