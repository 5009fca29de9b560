import { updateLogContract } from './contractsUpdateLog.ts'
import { memoryUpdateLog } from './memoryUpdateLog.ts'

updateLogContract('memory', async () => memoryUpdateLog())
