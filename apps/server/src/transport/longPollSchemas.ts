import { problemSchema } from '@dongbo/api/problem.ts'
import * as z from 'zod'

const seat = z.object({ seat: z.string() })
const frames = z.string().describe('Bytes (application/octet-stream), laid out as docs/protocol.md says.')

/** What `/api/openapi.json` says of the sync protocol over plain requests: its bodies are bytes. */
export const LONG_POLL_SCHEMAS = {
  open: {
    summary: 'Opens a seat at a document, for the sync protocol over plain requests; answers with its name.',
    params: z.object({ kind: z.string(), id: z.string() }),
    response: { 200: z.string(), default: problemSchema },
  },
  down: {
    summary: 'Waits for frames that a seat is sent.',
    params: seat,
    response: { 200: frames, default: problemSchema },
  },
  up: {
    summary: 'Carries frames from a seat, one request after the other.',
    params: seat,
    response: { 204: z.undefined(), default: problemSchema },
  },
  close: {
    summary: 'Carries the last frames from a seat, and ends it.',
    params: seat,
    response: { 204: z.undefined(), default: problemSchema },
  },
} as const
