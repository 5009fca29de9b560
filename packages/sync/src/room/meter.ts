/** What somebody who runs the server measures of its rooms. Called where every microsecond counts: count and return. */
export interface RoomMeter {
  /** Something durable was told: so many bytes in all, to so many sockets. */
  told(bytes: number, sockets: number): void
  /** One commit of the log. */
  committed(entries: number, ms: number): void
}

export const SILENT_METER: RoomMeter = { told: () => undefined, committed: () => undefined }
