import { seededRandom } from '@dongbo/kernel/random.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { CLOSE_CODES } from '@dongbo/protocol/closeCodes.ts'
import { CLIENT_ID_PARAMETER, GENERATION_PARAMETER, SUBPROTOCOL } from '@dongbo/protocol/messages.ts'
import { Connection } from '@dongbo/sync/client/connection.ts'
import type { Socket } from '@dongbo/sync/ports/socket.ts'
import type { Membership } from '@dongbo/sync/room/registry.ts'
import { planFacts } from './people.ts'
import type { House } from './seats.ts'

interface Open {
  readonly hangUp: (code: number) => void
}

/** The network between one person's browser and a house of rooms: a WebSocket class without a wire, that can be cut. */
export class Line {
  /** While false every attempt to connect fails. */
  isUp = true
  readonly WebSocket: typeof globalThis.WebSocket
  #open: Open | null = null

  constructor(house: House, document: DocumentName, principal: Principal) {
    // The class below has a `this` of its own.
    const takes = (open: Open): void => {
      this.#open = open
    }
    const isUp = (): boolean => this.isUp
    this.WebSocket = class LineSocket extends EventTarget implements WebSocket {
      static readonly CONNECTING = 0
      static readonly OPEN = 1
      static readonly CLOSING = 2
      static readonly CLOSED = 3
      readonly CONNECTING = 0
      readonly OPEN = 1
      readonly CLOSING = 2
      readonly CLOSED = 3
      binaryType: WebSocket['binaryType'] = 'blob'
      readonly bufferedAmount = 0
      readonly extensions = ''
      readonly protocol: string
      readonly url: string
      readyState = 0
      onopen: WebSocket['onopen'] = null
      onmessage: WebSocket['onmessage'] = null
      onclose: WebSocket['onclose'] = null
      onerror: WebSocket['onerror'] = null
      #seat: Membership | null = null

      constructor(url: string | URL, protocols?: ConstructorParameters<typeof WebSocket>[1]) {
        super()
        this.url = String(url)
        this.protocol = Array.isArray(protocols) && protocols.includes(SUBPROTOCOL) ? SUBPROTOCOL : ''
        takes({ hangUp: (code) => this.#ended(code) })
        void this.#connect()
      }

      async #connect(): Promise<void> {
        await Promise.resolve()
        if (!isUp()) return this.#ended(1006)
        const socket: Socket = {
          queuedBytes: 0,
          send: (message) => {
            const data = message.slice().buffer
            queueMicrotask(() => {
              if (this.readyState === this.OPEN) this.onmessage?.(new MessageEvent('message', { data }))
            })
          },
          pause: () => undefined,
          resume: () => undefined,
          close: (reason) => queueMicrotask(() => this.#ended(CLOSE_CODES[reason].code)),
        }
        this.readyState = this.OPEN
        this.onopen?.(new Event('open'))
        house.grants.set(principal.personId, { principal, plan: planFacts() })
        const speaksDongbo = this.protocol === SUBPROTOCOL
        const asked = new URL(this.url).searchParams
        const clientId = asked.get(CLIENT_ID_PARAMETER)
        const copy = {
          generation: asked.get(GENERATION_PARAMETER),
          clientId: clientId === null ? null : Number(clientId),
        }
        const seat = await house.registry.join(document, { socket, sessionId: principal.personId, speaksDongbo, copy })
        if (!seat.ok) return this.#ended(CLOSE_CODES[seat.error].code)
        if (this.readyState !== this.OPEN) return seat.value.leave()
        this.#seat = seat.value
        for (const frame of this.#early.splice(0)) seat.value.receive(frame)
      }
      readonly #early: Uint8Array[] = []

      send(data: Parameters<WebSocket['send']>[0]): void {
        if (typeof data === 'string' || data instanceof Blob) throw new Error('only bytes are sent')
        const frame = ArrayBuffer.isView(data)
          ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
          : new Uint8Array(data).slice()
        if (this.#seat === null) this.#early.push(frame)
        else this.#seat.receive(frame)
      }

      close(): void {
        this.#ended(1005)
      }

      #ended(code: number): void {
        if (this.readyState === this.CLOSED) return
        this.readyState = this.CLOSED
        this.#seat?.leave()
        this.onclose?.(new CloseEvent('close', { code }))
      }
    }
  }

  /** The network breaks; attempts fail until `isUp` is true again. */
  cut(): void {
    this.isUp = false
    this.#open?.hangUp(1006)
  }

  static connect(house: House, document: DocumentName, principal: Principal): { line: Line; tab: Connection } {
    const line = new Line(house, document, principal)
    const random = seededRandom(1)
    const tab = new Connection({
      serverUrl: 'ws://house/sync',
      document,
      clock: house.clock,
      random,
      WebSocket: line.WebSocket,
    })
    return { line, tab }
  }
}
