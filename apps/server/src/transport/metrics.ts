import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** What operators watch. Labels are few and closed: no person, no document. */
export function serverMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'dongbo_' })
  return {
    registry,
    sockets: new Gauge({ name: 'dongbo_sockets', help: 'Open sync sockets', registers: [registry] }),
    socketsPaused: new Gauge({
      name: 'dongbo_sockets_paused',
      help: 'Sockets that are not read from until the log has caught up',
      registers: [registry],
    }),
    upgradesRefused: new Counter({
      name: 'dongbo_upgrades_refused_total',
      help: 'WebSocket upgrades refused, by reason',
      labelNames: ['reason'],
      registers: [registry],
    }),
    socketsClosed: new Counter({
      name: 'dongbo_sockets_closed_total',
      help: 'Sockets that the server closed, by reason',
      labelNames: ['reason'],
      registers: [registry],
    }),
    framesReceived: new Counter({
      name: 'dongbo_frames_received_total',
      help: 'Frames received from sockets',
      registers: [registry],
    }),
    signIns: new Counter({
      name: 'dongbo_sign_ins_total',
      help: 'Sign-ins by outcome',
      labelNames: ['outcome'],
      registers: [registry],
    }),
    requests: new Histogram({
      name: 'dongbo_http_request_seconds',
      help: 'Time to answer, by route and class of status',
      labelNames: ['route', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.3, 1, 3],
      registers: [registry],
    }),
  }
}

export type ServerMetrics = ReturnType<typeof serverMetrics>
